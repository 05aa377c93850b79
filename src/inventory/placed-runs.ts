import type { Target } from '../core/fact.ts';
import { groupBy } from '../core/group-by.ts';
import type { Item, PlacedRun } from '../core/inventory.ts';
import { compareCodePoints } from '../core/order.ts';
import { isWithin } from '../core/path.ts';
import type { Run } from '../core/run.ts';
import type { Datasets } from './datasets.ts';
import { keyOf } from './key-of.ts';
import type { Survey } from './survey.ts';

/** The runs of one artifact with what came out of them, and those of their inputs that are in the picture. */
export function placedRuns({ artifact, ref }: Survey, subject: Item, datasets: Datasets): PlacedRun[] {
  if (artifact.runs.length === 0) return [];
  const whole = itemWith(subject, ref('artifact')) ?? subject;
  const spoken = new Map(datasets.spokenOf.map((item) => [item.ref, item]));
  return merged(artifact.runs).map((run): PlacedRun => {
    const output = outputOf(run.output, whole);
    const inputs = run.inputs.map(({ type, to }) => {
      if (type === 'model') return ancestorOf(to, output);
      const dataset = type === 'dataset' ? datasets.refOf(to) : undefined;
      return dataset !== undefined && (spoken.has(dataset) || itemWith(subject, dataset))
        ? dataset
        : undefined;
    });
    return { run, output: output.ref, inputs };
  });
}

/** What several files tell of one run is one run; the first word counts. */
function merged(runs: readonly Run[]): Run[] {
  return [...groupBy(runs, ({ key }) => key)]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([, parts]): Run => {
      const whole = Object.assign({}, ...parts.toReversed()) as Run;
      return {
        ...whole,
        parameters: parts.flatMap(({ parameters }) => parameters),
        inputs: parts.flatMap(({ inputs }) => inputs),
      };
    });
}

/** The model whose files lie at the path or below; of the whole, the whole. */
function outputOf(path: string, whole: Item): Item {
  if (path === '.') return whole;
  const models = whole.items.filter(({ type }) => type === 'machine-learning-model');
  const [first, ...others] = models.filter((model) =>
    model.items.some(({ file }) => file !== undefined && isWithin(file.path, path)),
  );
  return first && others.length === 0 ? first : whole;
}

function ancestorOf(target: Target, output: Item): string | undefined {
  const ancestors = [output, ...output.items].flatMap((item) => item.ancestors);
  return ancestors.find(({ to }) => keyOf(to) === keyOf(target) || to.name === target.name)?.ref;
}

function itemWith(item: Item, ref: string): Item | undefined {
  if (item.ref === ref) return item;
  for (const nested of item.items) {
    if (nested.file) continue;
    const found = itemWith(nested, ref);
    if (found) return found;
  }
  return undefined;
}
