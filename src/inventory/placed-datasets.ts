import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { groupBy } from '../core/group-by.ts';
import { compareCodePoints } from '../core/order.ts';
import { directoryOf, isWithin, nameOf } from '../core/path.ts';

/** A dataset or vector store that lies in the artifact. */
export interface PlacedDataset {
  readonly kind: 'data' | 'vectors';
  /** Its directory, or its only file. */
  readonly path: string;
  /** What is stated of the whole, then what its files add up to. */
  readonly attributes: readonly Attribute[];
  readonly facts: readonly Fact[];
  /** Paths of files that are read as data; described datasets have everything in their directory. */
  readonly files: ReadonlySet<string>;
  /** Somebody describes it: its directory is its own. */
  readonly described: boolean;
}

/** Directories that sort the files of one dataset. */
const inner =
  /^(?:data|raw|processed|train|training|test|testing|valid|validation|val|dev|eval|splits?|shards?)$/i;

/**
 * The datasets of one artifact, by path: those that somebody describes, with the data files below them, and the data
 * files that nobody describes, by directory; at the top each file is one of its own.
 */
export function placedDatasets(facts: readonly Fact[]): PlacedDataset[] {
  const placed = facts.filter(isPlacedData);
  const described = groupBy(placed, (fact) => (isStore(fact) ? undefined : fact.about.path));
  const files = facts.filter(isDataFile);
  const byPlace = groupBy(files, ({ about }) => placeOf(about.path, described));
  const paths = [...new Set([...described.keys(), ...byPlace.keys()])].sort(compareCodePoints);
  return [
    ...paths.map((path): PlacedDataset => {
      const own = described.get(path) ?? [];
      const held = byPlace.get(path) ?? [];
      return {
        kind: 'data',
        path,
        facts: own,
        attributes: [...withoutCounted(own, held), ...summed(held)],
        files: new Set(held.map(({ about }) => about.path)),
        described: own.length > 0,
      };
    }),
    ...storesIn(placed),
  ];
}

/** Stores of vectors lie among other files, and have no more of them than what they were read from. */
function storesIn(placed: readonly PlacedFact[]): PlacedDataset[] {
  return [...groupBy(placed, (fact) => (isStore(fact) ? fact.about.path : undefined))].map(
    ([path, facts]): PlacedDataset => {
      const attributes = facts.flatMap((fact) => fact.attributes);
      const files = new Set(attributes.map(({ evidence }) => evidence.source));
      return {
        kind: 'vectors',
        path,
        facts,
        attributes,
        files,
        described: path !== '.' && facts.some(isAlone),
      };
    },
  );
}

type PlacedFact = Fact & {
  readonly about: { readonly kind: 'component'; readonly key: string; readonly path: string };
};

function isPlacedData(fact: Fact): fact is PlacedFact {
  return fact.about.kind === 'component' && fact.type === 'data' && fact.about.path !== undefined;
}

function isStore({ attributes }: Fact): boolean {
  return attributes.some(({ name }) => name === 'mlbom:vector:engine');
}

/** Engines that keep a directory of their own, with files that say nothing by themselves. */
function isAlone({ attributes }: Fact): boolean {
  return attributes.some(
    ({ name, value }) => name === 'mlbom:vector:engine' && /^(?:lance|qdrant)/i.test(value),
  );
}

/** What a description says of splits whose rows were counted gives way to the count. */
function withoutCounted(own: readonly Fact[], held: readonly FileFact[]): Attribute[] {
  const counted = new Set(splitsOf(held).map(nameOfSplit));
  return own.flatMap((fact) =>
    fact.attributes.filter(
      ({ name, value }) => name !== 'mlbom:dataset:split' || !counted.has(nameOfSplit(value)),
    ),
  );
}

function nameOfSplit(split: string): string {
  return /"name":"([^"]*)"/.exec(split)?.[1] ?? split;
}

type FileFact = Fact & { readonly about: { readonly kind: 'file'; readonly path: string } };

function isDataFile(fact: Fact): fact is FileFact {
  return fact.about.kind === 'file' && fact.type === 'data';
}

function placeOf(path: string, described: ReadonlyMap<string, unknown>): string {
  if (described.has(path)) return path;
  for (let at = directoryOf(path); ; at = directoryOf(at)) {
    if (described.has(at)) return at;
    if (at === '.') break;
  }
  const directory = directoryOf(path);
  for (let at = directory; at !== '.'; at = directoryOf(at)) if (!inner.test(nameOf(at))) return at;
  return directory === '.' ? path : (directory.split('/', 1)[0] ?? directory);
}

/** Formats, rows and splits of the files together; a sum is there when every file has its number. */
function summed(files: readonly FileFact[]): Attribute[] {
  const [first] = files;
  if (!first) return [];
  const evidence = { basis: 'observed', source: first.about.path, by: 'inventory' } as const;
  const formats = [...new Set(files.flatMap((fact) => valuesOf(fact, 'mlbom:dataset:format')))].sort();
  const schemas = new Set(files.map((fact) => valuesOf(fact, 'mlbom:dataset:schema-sha256')[0]));
  const rows = sumOf(files);
  const shared = ['mlbom:dataset:schema', 'mlbom:dataset:schema-sha256', 'mlbom:dataset:columns'] as const;
  return [
    ...(formats.length > 0 ? [attribute('mlbom:dataset:format', formats.join(', '), evidence)] : []),
    ...(rows === undefined ? [] : [attribute('mlbom:dataset:rows', String(rows), evidence)]),
    ...(schemas.size === 1 ? first.attributes.filter(({ name }) => isOneOf(name, shared)) : []),
    ...splitsOf(files).map((split) => attribute('mlbom:dataset:split', split, evidence)),
  ];
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.includes(name);
}

function valuesOf(fact: Fact, name: Attribute['name']): string[] {
  return fact.attributes.flatMap((each) =>
    each.name === name && typeof each.value === 'string' ? [each.value] : [],
  );
}

function sumOf(files: readonly FileFact[]): number | undefined {
  let sum = 0;
  for (const fact of files) {
    const rows = Number(valuesOf(fact, 'mlbom:dataset:rows')[0] ?? Number.NaN);
    if (!Number.isSafeInteger(rows)) return undefined;
    sum += rows;
  }
  return sum;
}

/** A word of the path, between separators: `train-00000-of-00002.parquet`, `validation/a.jsonl`. */
const splitNames: readonly [name: string, words: RegExp][] = [
  ['train', /(?:^|[/_.-])(?:train|training)(?:[/_.-]|$)/i],
  ['validation', /(?:^|[/_.-])(?:valid|validation|val|dev)(?:[/_.-]|$)/i],
  ['test', /(?:^|[/_.-])(?:test|testing|eval|evaluation)(?:[/_.-]|$)/i],
];

function splitsOf(files: readonly FileFact[]): string[] {
  return splitNames.flatMap(([name, words]) => {
    const own = files.filter(({ about }) => words.test(about.path));
    if (own.length === 0) return [];
    const rows = sumOf(own);
    return [canonicalJson({ name, files: own.length, ...(rows === undefined ? {} : { rows }) })];
  });
}

/** True when a file belongs to the dataset: it is read as data, or lies in a directory that is described as one. */
export function holds(dataset: PlacedDataset, path: string): boolean {
  return dataset.files.has(path) || (dataset.described && isWithin(path, dataset.path));
}
