import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { groupBy } from '../core/group-by.ts';
import { compareCodePoints } from '../core/order.ts';
import { directoryOf, isWithin, nameOf } from '../core/path.ts';

/** A dataset or vector store that lies in the artifact. */
export interface PlacedDataset {
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
  const described = groupBy(facts, ({ about, type }) =>
    about.kind === 'component' && type === 'data' ? about.path : undefined,
  );
  const files = facts.filter(isDataFile);
  const byPlace = groupBy(files, ({ about }) => placeOf(about.path, described));
  const paths = [...new Set([...described.keys(), ...byPlace.keys()])].sort(compareCodePoints);
  return paths.map((path): PlacedDataset => {
    const own = described.get(path) ?? [];
    const held = byPlace.get(path) ?? [];
    return {
      path,
      facts: own,
      attributes: [...own.flatMap((fact) => fact.attributes), ...summed(held)],
      files: new Set(held.map(({ about }) => about.path)),
      described: own.length > 0,
    };
  });
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
  const evidence = { basis: 'derived', source: first.about.path, by: 'inventory' } as const;
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
