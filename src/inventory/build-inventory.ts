import type { Declaration } from '../core/declaration.ts';
import type { Fact } from '../core/fact.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import type { Problem } from '../core/problem.ts';
import { artifactItem } from './artifact-item.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { datasetsOf } from './datasets.ts';
import { declaredFacts } from './declared-facts.ts';
import { modelItem } from './model-item.ts';
import { refMaker, uniqueLabels } from './refs.ts';

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
    only && others.length === 0 ? artifactItem(only, ofSubject, refMaker()) : system(artifacts, ofSubject);
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
  const labels = uniqueLabels(artifacts.map((artifact) => artifact.name));
  const items = artifacts.map((artifact, index) => artifactItem(artifact, [], refMaker(labels[index])));
  const ref = refMaker();
  const subject = modelItem({
    ref: ref('system'),
    name: labels.join(' + '),
    path: '.',
    ancestorRef: (key) => ref('ancestor', key),
    facts: declared,
  });
  const isModel = declared.some((fact) => fact.type === 'machine-learning-model');
  return {
    ...subject,
    type: isModel ? subject.type : 'application',
    items,
    dependsOn: items.map((item) => item.ref),
  };
}

function problemsOf(item: Item): Problem[] {
  return [...item.problems, ...item.items.flatMap(problemsOf)];
}
