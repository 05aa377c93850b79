import { attribute, type Fact, type Target } from '../core/fact.ts';
import type { Conflict, Item } from '../core/inventory.ts';
import { contradiction, type Problem } from '../core/problem.ts';
import { ancestorsOf } from './ancestors.ts';
import { datasetRefs } from './dataset-refs.ts';
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
  /** The ref of its ancestor with that key. */
  readonly ancestorRef: (key: string) => string;
  /** The ref of a dataset that it names. */
  readonly datasetRef: (target: Target) => string;
  /** Everything that is stated about it, in the order in which sources are believed. */
  readonly facts: readonly Fact[];
}

/** One model, or the whole of an artifact, from everything that is stated about it. */
export function modelItem({ ref, name, path, ancestorRef, datasetRef, facts }: ModelInput): Item {
  const fallback = attribute('name', name, { basis: 'derived', source: 'layout', by: 'store' });
  const statements = [
    ...facts.flatMap((fact) => fact.attributes),
    ...tensorAttributes(facts),
    fallback,
  ].filter((statement) => statement.name !== 'mimeType');
  const { attributes, conflicts } = reconcile(statements, incomparableFor(statements));
  const lineage = ancestorsOf(facts, ancestorRef);
  const item: Item = {
    ...emptyItem(ref, 'machine-learning-model'),
    attributes,
    ancestors: lineage.ancestors,
    datasets: datasetRefs(facts, datasetRef),
  };
  return withConflicts(item, [...conflicts, ...lineage.conflicts], path);
}

/** The item with these conflicts too, and a problem for each. */
export function withConflicts(item: Item, conflicts: readonly Conflict[], path: string): Item {
  if (conflicts.length === 0) return item;
  const problems = conflicts.map((conflict) => conflictProblem(conflict, path));
  return { ...item, conflicts: [...item.conflicts, ...conflicts], problems: [...item.problems, ...problems] };
}

/** Statements that a reason quotes; the rest is counted. */
const quoted = 4;

/** A contradiction is a problem that names everybody who takes part in it. */
function conflictProblem(conflict: Conflict, path: string): Problem {
  const statements = conflict.statements.map(
    ({ value, evidence }) => `${value.slice(0, 80).toWellFormed()} (${evidence.basis}, ${evidence.source})`,
  );
  const more = statements.length > quoted ? ` and ${statements.length - quoted} more` : '';
  const reason = `${conflict.attribute.replace(/^mlbom:(?:model:)?/, '')}: ${statements.slice(0, quoted).join(' against ')}${more}`;
  return contradiction('statements-differ', path, reason);
}
