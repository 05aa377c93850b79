import type { About, Fact, IndexedPart, Part } from '../core/fact.ts';
import { contradiction, incomplete, type Problem } from '../core/problem.ts';
import { pathOf, type WeightsGroup } from './group-weights.ts';

/** Named examples in a reason; the rest is counted. */
const examples = 3;

/**
 * Holds the files of one model against what their index, their numbering and their references promise:
 * every part there, every tensor where the index says, nothing that the index does not list.
 * `sizes` are the files that exist, in bytes.
 */
export function completenessOf(group: WeightsGroup, sizes: ReadonlyMap<string, number>): Problem[] {
  return [...indexProblems(group, sizes), ...numberingProblems(group), ...partProblems(group, sizes)];
}

function* indexProblems(group: WeightsGroup, sizes: ReadonlyMap<string, number>): Generator<Problem> {
  const weights = new Map(
    group.facts.filter(({ about }) => about.kind === 'weights').map((fact) => [pathOf(fact), fact]),
  );
  for (const { about } of group.facts) {
    if (about.kind !== 'index') continue;
    const listed = new Set(about.parts.map((part) => part.path));
    for (const part of about.parts) {
      if (!sizes.has(part.path)) {
        yield incomplete(
          'shard-missing',
          part.path,
          `${about.path} lists it, with ${part.tensors.length} tensors`,
        );
        continue;
      }
      const fact = weights.get(part.path);
      if (fact?.tensors) yield* tensorProblems(part, fact, about.path);
      else {
        const reason = `${about.path} places ${some(part.tensors)} here, and no tensors were read`;
        yield incomplete('shard-unread', part.path, reason);
      }
    }
    yield* sizeProblem(about, weights);
    for (const fact of group.facts) {
      if (fact.about.kind !== 'weights' || listed.has(fact.about.path)) continue;
      yield contradiction(
        'shard-unlisted',
        fact.about.path,
        `a part of the same model that ${about.path} does not list`,
      );
    }
  }
}

/** What the index says that its tensors take, against what they take; only where all of them were read. */
function* sizeProblem(
  { path, parts, tensorBytes }: Extract<About, { kind: 'index' }>,
  weights: ReadonlyMap<string, Fact>,
): Generator<Problem> {
  const tables = parts.map((part) => weights.get(part.path)?.tensors?.tensors);
  if (tensorBytes === undefined || tables.some((table) => table === undefined)) return;
  const actual = tables.flat().reduce((sum, tensor) => sum + (tensor?.length ?? 0), 0);
  if (actual === tensorBytes) return;
  yield contradiction(
    'index-size',
    path,
    `says that its tensors take ${tensorBytes} bytes, and they take ${actual}`,
  );
}

function* tensorProblems(part: IndexedPart, fact: Fact, index: string): Generator<Problem> {
  const present = new Set(fact.tensors?.tensors.map((tensor) => tensor.name));
  const expected = new Set(part.tensors);
  const missing = part.tensors.filter((name) => !present.has(name));
  const extra = [...present].filter((name) => !expected.has(name));
  if (missing.length > 0) {
    yield contradiction(
      'tensor-missing',
      part.path,
      `${index} places ${some(missing)} here, and they are not`,
    );
  }
  if (extra.length > 0)
    yield contradiction(
      'tensor-unlisted',
      part.path,
      `holds ${some(extra)}, which ${index} does not list here`,
    );
}

/** Parts that number themselves `n of m`, without an index: all numbers must be there. */
function* numberingProblems(group: WeightsGroup): Generator<Problem> {
  if (group.facts.some((fact) => fact.about.kind === 'index')) return;
  const sets = new Map<string, { part: Part; path: string }[]>();
  for (const { about } of group.facts) {
    if (about.kind !== 'weights' || !about.part) continue;
    const set = sets.get(about.part.set) ?? [];
    set.push({ part: about.part, path: about.path });
    sets.set(about.part.set, set);
  }
  for (const parts of sets.values()) {
    const first = parts[0];
    if (!first) continue;
    const numbers = new Set(parts.map(({ part }) => part.number));
    for (const { part, path } of parts) {
      if (part.number >= 1 && part.number <= part.count) continue;
      yield contradiction('shard-unlisted', path, `calls itself part ${part.number} of ${part.count}`);
    }
    const missing: string[] = [];
    let absent = 0;
    for (let number = 1; number <= first.part.count && absent < parts.length + 1000; number++) {
      if (numbers.has(number)) continue;
      absent++;
      if (missing.length < examples) missing.push(String(number));
    }
    if (absent === 0) continue;
    const reason = `${parts.length} of ${first.part.count} parts are here; missing: ${missing.join(', ')}${absent > examples ? ', …' : ''}`;
    yield incomplete('shard-missing', first.path, reason);
  }
}

/** Files that hold the data of another one: there, and long enough. */
function* partProblems(group: WeightsGroup, sizes: ReadonlyMap<string, number>): Generator<Problem> {
  for (const fact of group.facts) {
    for (const relation of fact.relations) {
      if (relation.type !== 'part') continue;
      const size = sizes.get(relation.path);
      if (size === undefined) {
        yield incomplete(
          'external-data-missing',
          relation.path,
          `${pathOf(fact)} keeps data there, and it is not in the artifact`,
        );
      } else if (size < relation.bytes) {
        const reason = `${pathOf(fact)} needs ${relation.bytes} bytes of it, and it has ${size}`;
        yield contradiction('external-data-short', relation.path, reason);
      }
    }
  }
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, examples).join(', ');
  return names.length > examples ? `${shown} and ${names.length - examples} more` : shown;
}
