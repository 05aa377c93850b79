import { isMlbomError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import { textAt, textsAt, valueAt } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import { shortened } from '../core/shortened.ts';
import type { AttributeList } from './attributes.ts';

/**
 * The key-value metadata of a Parquet or Arrow table: which keys there are, and of those that say something of the
 * columns, what it is. Other values are an application's own and may be anything, secrets too.
 */
export function addTableMetadata(
  keyValues: ReadonlyMap<string, string>,
  observed: AttributeList,
  declared: AttributeList,
): void {
  const keys = [...keyValues.keys()].filter((key) => key !== '').sort();
  if (keys.length > 0) observed.add('mlbom:file:header', short(`metadata-keys=${keys.join(',')}`));
  addHeader(declared, keyValues, 'huggingface', featuresOf);
  addHeader(declared, keyValues, 'pandas', indexOf);
}

/** What one of the keys, whose values are JSON, says; the rest of it repeats the schema or is too much. */
function addHeader(
  attributes: AttributeList,
  keyValues: ReadonlyMap<string, string>,
  key: string,
  read: (value: unknown) => string | undefined,
): void {
  const text = keyValues.get(key);
  if (text === undefined || text.length > limits.datasetDescriptionBytes) return;
  try {
    const said = read(parseJson(text));
    if (said !== undefined) attributes.add('mlbom:file:header', short(said), key);
  } catch (error) {
    // What an application wrote into its own key need not be JSON.
    if (!isMlbomError(error)) throw error;
  }
}

/** `{"info": {"features": {"label": {"names": […], "_type": "ClassLabel"}}}}` */
function featuresOf(value: unknown): string | undefined {
  const features = valueAt(value, 'info', 'features');
  if (typeof features !== 'object' || features === null) return undefined;
  const kinds = Object.entries(features).map(([name, feature]) => {
    const kind = textAt(feature, 'dtype') ?? textAt(feature, '_type');
    return kind === undefined ? name : `${name}:${kind}`;
  });
  return `huggingface-features=${kinds.join(',')}`;
}

/** `{"index_columns": ["id", {"kind": "range", …}]}` */
function indexOf(value: unknown): string | undefined {
  const names = textsAt(value, 'index_columns');
  return names.length > 0 ? `pandas-index=${names.join(',')}` : undefined;
}

function short(text: string): string {
  return shortened(text.toWellFormed(), limits.provenanceText);
}
