import { attribute, type Fact } from '../core/fact.ts';
import type { Conflict, Item } from '../core/inventory.ts';
import { contradiction, type Problem } from '../core/problem.ts';
import { ancestorsOf } from './ancestors.ts';
import { datasetRefs } from './datasets.ts';
import { emptyItem } from './empty-item.ts';
import { incomparableFor } from './incomparable.ts';
import { reconcile } from './reconcile.ts';
import { tensorAttributes } from './tensor-attributes.ts';

export interface ModelInput {
  readonly ref: string;
  /** Used when no fact has a name. */
  readonly name: string;
  /** Where its problems are said to lie. */
  readonly path: string;
  /** Goes before the refs of its ancestors. */
  readonly prefix: string;
  /** Everything that is stated about it, in the order in which sources are believed. */
  readonly facts: readonly Fact[];
}

/** One model, or the whole of an artifact, from everything that is stated about it. */
export function modelItem({ ref, name, path, prefix, facts }: ModelInput): Item {
  const fallback = attribute('name', name, { basis: 'derived', source: 'layout', by: 'store' });
  const statements = [
    ...facts.flatMap((fact) => fact.attributes),
    ...tensorAttributes(facts),
    fallback,
  ].filter((statement) => statement.name !== 'mimeType');
  const { attributes, conflicts } = reconcile(statements, incomparableFor(statements));
  const lineage = ancestorsOf(facts, prefix);
  const all = [...conflicts, ...lineage.conflicts];
  return {
    ...emptyItem(ref, 'machine-learning-model'),
    attributes,
    conflicts: all,
    ancestors: lineage.ancestors,
    datasets: datasetRefs(facts),
    problems: all.map((conflict) => conflictProblem(conflict, path)),
  };
}

/** A contradiction is a problem that names everybody who takes part in it. */
export function conflictProblem(conflict: Conflict, path: string): Problem {
  const statements = conflict.statements.map(
    ({ value, evidence }) => `${value.slice(0, 80)} (${evidence.basis}, ${evidence.source})`,
  );
  return contradiction('statements-differ', path, `${conflict.attribute}: ${statements.join(' against ')}`);
}
