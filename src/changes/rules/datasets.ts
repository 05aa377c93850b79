import type { Change } from '../../core/change.ts';
import { groupBy } from '../../core/group-by.ts';
import { isObject } from '../../core/json.ts';
import { changeBy } from '../change-by.ts';
import { compareSensitivity, type Sensitivity } from '../classification.ts';
import type { FieldItem } from '../fields.ts';
import { list, propertyValues, text, type Part } from '../part.ts';
import { partAt, type References } from '../references.ts';
import type { Pair, Scene } from '../scene.ts';
import { pointersOf, shown } from '../shown.ts';

/** Which datasets a model names, and how sensitive data is said to be. */
export function* datasetRule(pair: Pair, scene: Scene): Generator<Change> {
  yield* namedDatasets(pair, scene);
  const fields = ['data.classification', 'data.sensitiveData', 'property:mlbom:classification'];
  const taken = pair.differences.take((field) => fields.includes(field));
  if (taken.length === 0) return;
  yield* sensitivity(
    { ...pair, ...pointersOf(taken) },
    pair.new.name,
    sensitivityOf(pair.old),
    sensitivityOf(pair.new),
  );
}

function* namedDatasets(pair: Pair, scene: Scene): Generator<Change> {
  const difference = pair.differences.takeField('modelCard.modelParameters.datasets');
  if (!difference) return;
  const model = pair.new.name;
  const removed = groupBy(difference.old, (item) => datasetName(item, scene.references.old));
  const added = groupBy(difference.new, (item) => datasetName(item, scene.references.new));
  for (const name of new Set([...removed.keys(), ...added.keys()])) {
    const was = removed.get(name) ?? [];
    const now = added.get(name) ?? [];
    const place = { ...pair, ...pointersOf([{ field: '', old: was, new: now }]) };
    const [old] = was;
    const [next] = now;
    if (old && next) {
      const sensitivities = [...sensitivity(place, name, inlineSensitivity(old), inlineSensitivity(next))];
      yield* sensitivities;
      if (sensitivities.length > 0) continue;
    }
    const verb =
      old && next
        ? 'describes a dataset differently'
        : next
          ? 'names another dataset'
          : 'no longer names a dataset';
    yield changeBy('D001', place, {
      kind: old && next ? 'changed' : next ? 'added' : 'removed',
      what: `${model} ${verb}: ${name}`,
      was: old && (next ? shown([old.value]) : name),
      now: next && (old ? shown([next.value]) : name),
    });
  }
}

function* sensitivity(
  place: Parameters<typeof changeBy>[1],
  name: string,
  old: Sensitivity,
  next: Sensitivity,
): Generator<Change> {
  const { raised, lowered } = compareSensitivity(old, next);
  const words = { was: shownSensitivity(old), now: shownSensitivity(next) };
  if (raised) yield changeBy('D002', place, { what: `${name} is classified as more sensitive`, ...words });
  if (lowered) yield changeBy('D003', place, { what: `${name} is classified as less sensitive`, ...words });
}

function sensitivityOf(part: Part): Sensitivity {
  const entries = list(part.component['data']).filter(isObject);
  return {
    classifications: [
      ...entries.flatMap((entry) => text(entry['classification']) ?? []),
      ...propertyValues(part, 'mlbom:classification'),
    ],
    classes: entries.flatMap((entry) => strings(entry['sensitiveData'])),
  };
}

function inlineSensitivity(item: FieldItem): Sensitivity {
  const entry = isObject(item.value) ? item.value : {};
  return {
    classifications: [entry['classification']].flatMap((value) => text(value) ?? []),
    classes: strings(entry['sensitiveData']),
  };
}

function shownSensitivity({ classifications, classes }: Sensitivity): string {
  return shown([...new Set([...classifications, ...classes])]) ?? 'not classified';
}

function datasetName(item: FieldItem, references: References): string {
  if (!isObject(item.value)) return item.text;
  const { ref, name, contents } = item.value;
  if (typeof ref === 'string') return partAt(references, ref)?.name ?? ref;
  return text(name) ?? (isObject(contents) ? text(contents['url']) : undefined) ?? item.text;
}

function strings(value: unknown): string[] {
  return list(value).filter((entry) => typeof entry === 'string');
}
