import type { Declaration } from '../core/declaration.ts';
import type { Fact } from '../core/fact.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import type { Finding } from '../core/finding.ts';
import type { Problem } from '../core/problem.ts';
import { artifactItem } from './artifact-item.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { datasetsOf, type Datasets } from './datasets.ts';
import { declaredFacts } from './declared-facts.ts';
import { withClassification } from './classification.ts';
import { modelItem } from './model-item.ts';
import { placedRuns } from './placed-runs.ts';
import { refMaker, uniqueLabels } from './refs.ts';
import { survey, type Survey } from './survey.ts';

/**
 * One picture of everything that was found: parts merged into models, statements reconciled, things linked.
 * One artifact is itself the subject; several are parts of a system.
 */
export function buildInventory(
  artifacts: readonly CollectedArtifact[],
  declaration?: Declaration,
): Inventory {
  const declared = declaration ? declaredFacts(declaration) : [];
  const labels = uniqueLabels(artifacts.map((artifact) => artifact.name));
  const surveys = artifacts.map((artifact, index) =>
    survey(artifact, artifacts.length === 1 ? refMaker() : refMaker(labels[index])),
  );
  const datasets = datasetsOf(
    [...surveys.flatMap(({ facts }) => facts), ...declared],
    surveys.flatMap((each) => each.datasets),
  );
  const ofSubject = declared.filter((fact) => fact.about.kind === 'directory');
  const [only, ...others] = surveys;
  const linked =
    only && others.length === 0
      ? artifactItem(only, ofSubject, datasets)
      : system(surveys, labels, ofSubject, datasets);
  const things = surveys.flatMap((each) => each.things.items);
  const { subject, items } = withClassification(linked, [...datasets.spokenOf, ...things]);
  return {
    subject,
    items,
    problems: [subject, ...items].flatMap(problemsOf),
    findings: [subject, ...items].flatMap(findingsOf),
    runs: surveys.flatMap((each) => placedRuns(each, subject, datasets)),
    examinations: [],
  };
}

/** Several artifacts under one name. */
function system(
  surveys: readonly Survey[],
  labels: readonly string[],
  declared: readonly Fact[],
  datasets: Datasets,
): Item {
  const items = surveys.map((each) => artifactItem(each, [], datasets));
  const ref = refMaker();
  const subject = modelItem({
    ref: ref('system'),
    name: labels.join(' + '),
    path: '.',
    ancestorRef: (key) => ref('ancestor', key),
    datasetRef: datasets.refOf,
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

function findingsOf(item: Item): Finding[] {
  return [...item.findings, ...item.items.flatMap(findingsOf)];
}
