import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Relation, Target } from '../../core/fact.ts';
import { modelTarget } from '../../core/hub.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { isSqlite, readSqlite, type Sqlite } from '../../formats/sqlite/read-sqlite.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { describedPlace, placedVectors } from '../dataset-place.ts';
import { readCollections, type ChromaCollection } from './collections.ts';

/** Models by the name that people give them, in the words of the Hub. */
const sentenceTransformers =
  /^(?:all|paraphrase|multi-qa|msmarco|distiluse|LaBSE|gtr-t5|sentence-t5)[\w.-]*$/;
/** What a name is cut to. */
const longestName = limits.provenanceText;

/** The database of a Chroma store, which lies in its directory beside those of its indexes. */
export const chroma: FileCollector = {
  id: 'chroma',
  version: 1,
  wants: (entry, head) => /^chroma.*\.sqlite3?$/.test(nameOf(entry.path)) && isSqlite(head),
  async collect(entry): Promise<Collected> {
    const database = await readSqlite(entry);
    if (!database.tables.some(({ name }) => name === 'collections')) return nothing;
    const collections = await readCollections(database);
    const observed = attributesFrom(entry.path, 'chroma', 'observed');
    observed.add('mlbom:vector:engine', 'chroma');
    const count = await database.tables.find(({ name }) => name === 'embeddings')?.count();
    if (count !== undefined) observed.add('mlbom:vector:count', String(count), 'embeddings');
    const relations = addCollections(collections, observed);
    return {
      facts: [placedVectors(describedPlace(entry), observed, relations)],
      problems: problemsOf(database, entry),
      findings: [],
    };
  },
};

function addCollections(collections: readonly ChromaCollection[], observed: AttributeList): Relation[] {
  const [first, ...others] = collections;
  if (first && others.length === 0) observed.add('name', first.name, 'collections');
  addShared('mlbom:vector:dimension', (each) => each.dimension?.toString());
  addShared('mlbom:vector:metric', (each) => each.metric);
  addShared('mlbom:vector:embedding-model', (each) => targetOf(each)?.name);
  for (const collection of collections) {
    const { dimension, metric, embeddingFunction } = collection;
    const said = [dimension, metric, embeddingFunction, targetOf(collection)?.name];
    const words = said.filter((word) => word !== undefined).map((word) => String(word).slice(0, longestName));
    observed.add(
      'mlbom:dataset:statistic',
      `collection ${collection.name}=${words.join(' ')}`,
      'collections',
    );
  }
  const models = new Map(
    collections.flatMap((each) => targetOf(each) ?? []).map((to) => [to.purl ?? to.name, to]),
  );
  return [...models.values()].map((to): Relation => {
    return { type: 'depends-on', to, evidence: observed.evidence('collections') };
  });

  /** What all collections have in common; where they differ, each says its own. */
  function addShared(
    name: 'mlbom:vector:dimension' | 'mlbom:vector:metric' | 'mlbom:vector:embedding-model',
    read: (collection: ChromaCollection) => string | undefined,
  ): void {
    const values = new Set(collections.map(read));
    const [value] = values;
    if (values.size === 1) observed.add(name, value, 'collections');
  }
}

/** The model by name; `sentence-transformers` finds some without their organisation. */
function targetOf({ model }: ChromaCollection): Target | undefined {
  if (model === undefined) return undefined;
  return modelTarget(sentenceTransformers.test(model) ? `sentence-transformers/${model}` : model);
}

function problemsOf(database: Sqlite, { path }: Entry): Problem[] {
  if (!database.wal) return [];
  return [
    incomplete('sqlite-wal', path, 'what was written last may stand in its -wal file, which is not read'),
  ];
}
