import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { ChangeId } from '../change-rules.ts';
import type { Difference } from '../differences.ts';
import type { Pair } from '../scene.ts';
import { pointersOf, shownItems } from '../shown.ts';

const tokenization = ['property:mlbom:model:chat-template-sha256', 'property:mlbom:model:tokenizer'];
const code = ['property:mlbom:model:remote-code', 'property:mlbom:model:custom-operators'];
/** What people say about a model; the rest of `mlbom:model:` is measured. */
const prose = ['languages', 'library', 'provenance', 'generation', 'producer'].map(
  (name) => `property:mlbom:model:${name}`,
);
const architecture = ['architectureFamily', 'modelArchitecture', 'approach', 'inputs', 'outputs'].map(
  (name) => `modelCard.modelParameters.${name}`,
);

/** What a model is, as far as it can be measured: one change for the facts, one for what steers it, one for code. */
export function* modelFactsRule(pair: Pair): Generator<Change> {
  const { differences } = pair;
  const steering = differences.take((field) => tokenization.includes(field));
  if (steering.length > 0) yield facts('T001', pair, steering);
  const runs = differences.take((field) => code.includes(field));
  if (runs.length > 0) yield facts('T002', pair, runs);
  const measured = differences.take(
    (field) =>
      architecture.includes(field) || (field.startsWith('property:mlbom:model:') && !prose.includes(field)),
  );
  if (measured.length > 0) yield facts('W004', pair, measured);
}

function facts(id: ChangeId, pair: Pair, differences: readonly Difference[]): Change {
  const names = differences.map((difference) => shortName(difference.field));
  return changeBy(
    id,
    { ...pair, ...pointersOf(differences) },
    {
      what: `${pair.new.path ?? pair.new.name} has other values of ${names.join(', ')}`,
      was: sayAll(differences, 'old'),
      now: sayAll(differences, 'new'),
    },
  );
}

function sayAll(differences: readonly Difference[], side: 'old' | 'new'): string {
  const [only] = differences;
  if (only && differences.length === 1) return shownItems(only[side]) ?? 'not stated';
  return differences
    .map((difference) => `${shortName(difference.field)} ${shownItems(difference[side]) ?? 'not stated'}`)
    .join('; ');
}

function shortName(field: string): string {
  return field.replace(/^property:mlbom:model:|^modelCard\.modelParameters\./, '');
}
