import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { readLanceFile, readLanceManifest } from '../../formats/lance/read-lance.ts';
import { vectorLength } from '../../formats/lance/lance-fields.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { placedVectors } from '../dataset-place.ts';

/** The mark of a Lance file is at its end: names are a reason to look there. */
const manifestPath = /(?:^|\/)[^/]+\.lance\/_versions\/[^/]+\.manifest$/;

/** Lance datasets, which LanceDB's tables are: each version by its manifest, and the files of data. */
export const lancedb: FileCollector = {
  id: 'lancedb',
  version: 1,
  wants: (entry, head) => head.length > 0 && (manifestPath.test(entry.path) || entry.path.endsWith('.lance')),
  async collect(entry): Promise<Collected> {
    const facts = manifestPath.test(entry.path) ? await factsOfManifest(entry) : await factsOfFile(entry);
    return { facts, problems: [], findings: [] };
  },
};

/** Versions differ in rows, so that what each says of them is said of its own file. */
async function factsOfManifest(entry: Entry): Promise<Fact[]> {
  const manifest = await readLanceManifest(entry);
  const own = attributesFrom(entry.path, 'lancedb', 'observed');
  own.add('mlbom:file:format', 'lance-manifest');
  own.add('mlbom:file:producer', manifest.writer);
  own.add('mlbom:file:header', `version=${manifest.version}`);
  own.add('mlbom:file:header', `rows=${manifest.rows}`);
  own.add('mlbom:file:header', `fragments=${manifest.fragments}`);
  const file = fileFact(entry.path, [own]);
  if (entry.container !== undefined) return [file];
  const place = directoryOf(directoryOf(entry.path));
  const store = attributesFrom(entry.path, 'lancedb', 'observed');
  store.add('name', nameOf(place).replace(/\.lance$/, ''));
  store.add('mlbom:vector:engine', 'lance');
  addColumns(store, manifest.columns, 'fields');
  const lengths = manifest.columns.flatMap(([, type]) => vectorLength(type) ?? []);
  const [dimension, ...others] = [...new Set(lengths)];
  if (dimension !== undefined && others.length === 0) store.add('mlbom:vector:dimension', String(dimension));
  // The highest of these is the version that is read.
  store.add('mlbom:dataset:statistic', `rows in version ${manifest.version}=${manifest.rows}`);
  return [file, placedVectors(place, store)];
}

async function factsOfFile(entry: Entry): Promise<Fact[]> {
  const file = await readLanceFile(entry);
  const observed = attributesFrom(entry.path, 'lancedb', 'observed');
  observed.add('mlbom:dataset:format', 'lance');
  observed.add('mlbom:file:format-version', file.version);
  observed.add('mlbom:dataset:rows', file.rows === undefined ? undefined : String(file.rows));
  addColumns(observed, file.columns, 'schema');
  return dataFiles(entry, observed);
}
