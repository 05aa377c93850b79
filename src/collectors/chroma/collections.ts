import { isMlbomError } from '../../core/errors.ts';
import { parseJson } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import type { Sqlite, SqliteRow } from '../../formats/sqlite/read-sqlite.ts';

/** A collection as its row and the metadata of it say. */
export interface ChromaCollection {
  readonly name: string;
  readonly dimension?: number;
  readonly metric?: string;
  /** `all-MiniLM-L6-v2`, as the embedding function is configured. */
  readonly model?: string;
  /** `sentence_transformer`, `openai` */
  readonly embeddingFunction?: string;
}

/** Keys of a collection's metadata under which people and frameworks write the model. */
const modelKeys = ['embedding_model', 'embedding_model_name', 'model_name', 'embedding_function'];

/** The collections of a database of Chroma (chromadb, migrations/sysdb). */
export async function readCollections(database: Sqlite): Promise<ChromaCollection[]> {
  const metadata = await metadataOf(database);
  const collections: ChromaCollection[] = [];
  const table = database.tables.find(({ name }) => name === 'collections');
  if (!table) return [];
  for await (const row of table.rows()) {
    if (collections.length >= limits.datasetListEntries) break;
    const [id, name] = [row.get('id'), row.get('name')];
    if (typeof name !== 'string') continue;
    const own = (typeof id === 'string' ? metadata.get(id) : undefined) ?? new Map<string, string>();
    collections.push(collectionOf(name, row, own));
  }
  return collections;
}

function collectionOf(name: string, row: SqliteRow, metadata: ReadonlyMap<string, string>): ChromaCollection {
  const config = jsonOf(row.get('config_json_str'));
  const schema = jsonOf(row.get('schema_str'));
  const vectors = valueAt(schema, 'keys', '#embedding', 'float_list', 'vector_index', 'config');
  const chosen = valueAt(config, 'embedding_function') ?? valueAt(vectors, 'embedding_function');
  const metric =
    metadata.get('hnsw:space') ??
    textAt(config, 'hnsw', 'space') ??
    textAt(config, 'spann', 'space') ??
    textAt(config, 'hnsw_configuration', 'space') ??
    textAt(vectors, 'space');
  const embeddingFunction = textAt(chosen, 'name');
  const model =
    textAt(chosen, 'config', 'model_name') ??
    textAt(chosen, 'config', 'model') ??
    modelKeys.map((key) => metadata.get(key)).find((value) => value !== undefined) ??
    (embeddingFunction === 'default' ? 'all-MiniLM-L6-v2' : undefined);
  const dimension = row.get('dimension');
  return {
    name,
    ...(typeof dimension === 'number' && dimension > 0 ? { dimension } : {}),
    ...(metric === undefined ? {} : { metric }),
    ...(model === undefined ? {} : { model }),
    ...(embeddingFunction === undefined ? {} : { embeddingFunction }),
  };
}

/** The text values of `collection_metadata`, by collection and key. */
async function metadataOf(database: Sqlite): Promise<Map<string, Map<string, string>>> {
  const found = new Map<string, Map<string, string>>();
  const table = database.tables.find(({ name }) => name === 'collection_metadata');
  if (!table) return found;
  let rows = 0;
  for await (const row of table.rows()) {
    if (++rows > limits.datasetListEntries) break;
    const [id, key, value] = [row.get('collection_id'), row.get('key'), row.get('str_value')];
    if (typeof id !== 'string' || typeof key !== 'string' || typeof value !== 'string') continue;
    const known = found.get(id);
    if (known) known.set(key, value);
    else found.set(id, new Map([[key, value]]));
  }
  return found;
}

function jsonOf(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > limits.datasetDescriptionBytes) return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}
