import type { Declaration } from '../core/declaration.ts';
import type { Fact } from '../core/fact.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import type { Problem } from '../core/problem.ts';
import { artifactItem } from './artifact-item.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { datasetsOf } from './datasets.ts';
import { declaredFacts } from './declared-facts.ts';
import { modelItem } from './model-item.ts';

/**
 * One picture of everything that was found: parts merged into models, statements reconciled, things linked.
 * One artifact is itself the subject; several are parts of a system.
 */
export function buildInventory(
  artifacts: readonly CollectedArtifact[],
  declaration?: Declaration,
): Inventory {
  const declared = declaration ? declaredFacts(declaration) : [];
  const [only, ...others] = artifacts;
  const ofSubject = declared.filter((fact) => fact.about.kind === 'directory');
  const subject =
    only && others.length === 0 ? artifactItem(only, ofSubject, '') : system(artifacts, ofSubject);
  const facts = [...artifacts.flatMap((artifact) => artifact.facts), ...declared];
  const items = datasetsOf(facts);
  return {
    subject,
    items,
    problems: [subject, ...items].flatMap(problemsOf),
    findings: artifacts.flatMap((artifact) => artifact.findings),
  };
}

/** Several artifacts under one name. */
function system(artifacts: readonly CollectedArtifact[], declared: readonly Fact[]): Item {
  const seen = new Map<string, number>();
  const items = artifacts.map((artifact) => {
    const count = (seen.get(artifact.name) ?? 0) + 1;
    seen.set(artifact.name, count);
    return artifactItem(artifact, [], count === 1 ? `${artifact.name}/` : `${artifact.name}~${count}/`);
  });
  const name = artifacts.map((artifact) => artifact.name).join(' + ');
  return {
    ...modelItem({ ref: 'system', name, path: '.', prefix: '', facts: declared }),
    type: 'application',
    items,
    dependsOn: items.map((item) => item.ref),
  };
}

function problemsOf(item: Item): Problem[] {
  return [...item.problems, ...item.items.flatMap(problemsOf)];
}
