import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { parseJsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { licenseClaim } from '../license-claim.ts';
import type { AttributeList } from '../attributes.ts';

/** Where the versions of the program stand in a plan of serialization version 0 (NVIDIA's trtexec, getPlanVersionOnly). */
const versionsAt = 24;

/** 0 where an engine begins: `ptrt` before TensorRT 8.5, `ftrt` since. */
export function tensorrtOffset(bytes: Uint8Array): 0 | undefined {
  const first = bytes[0];
  return (first === 0x70 || first === 0x66) && bytes[1] === 0x74 && bytes[2] === 0x72 && bytes[3] === 0x74
    ? 0
    : undefined;
}

/** An engine, or one behind the metadata of Ultralytics: their length in four bytes, then JSON. */
export async function addTensorrt(
  entry: Entry,
  observed: AttributeList,
  declared: AttributeList,
): Promise<void> {
  const start = await addPrefix(entry, declared);
  const length = Math.min(versionsAt + 4, entry.size - start);
  const bytes = await entry.read({ offset: start, length });
  if (tensorrtOffset(bytes) === undefined || length < versionsAt + 4)
    throw new MlbomError('E_MALFORMED', 'tensorrt: no engine', { rule: 'tensorrt-magic', offset: start });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  const serialization = view.getUint32(4, true);
  observed.add('mlbom:model:format', 'tensorrt');
  observed.add('mlbom:model:format-version', `${magic} ${serialization}`, 'header');
  observed.add('mlbom:model:portability', 'NVIDIA GPU of the architecture that it was built on');
  const version =
    magic === 'ftrt' && serialization === 0 ? [...bytes.subarray(versionsAt)].join('.') : undefined;
  if (version !== undefined && !version.startsWith('0.')) {
    observed.add('mlbom:model:producer', `TensorRT ${version}`, 'header');
    observed.add('mlbom:model:portability', `TensorRT ${version}`, 'header');
  } else {
    observed.add('mlbom:model:portability', 'TensorRT of the version that it was built with');
  }
}

/** Where the engine begins. */
async function addPrefix(entry: Entry, declared: AttributeList): Promise<number> {
  const head = await entry.head(5);
  if (head[4] !== 0x7b || tensorrtOffset(head) !== undefined) return 0;
  const length =
    (head[0] ?? 0) + 256 * (head[1] ?? 0) + 65_536 * (head[2] ?? 0) + 16_777_216 * (head[3] ?? 0);
  if (length > limits.configBytes || length + 4 > entry.size)
    throw new MlbomError('E_LIMIT', `tensorrt: metadata of ${length} bytes`, { rule: 'tensorrt-metadata' });
  const metadata = parseJsonObject(await entry.read({ offset: 4, length }), { subject: 'tensorrt' });
  declared.add('description', textAt(metadata, 'description'), 'metadata/description');
  const author = textAt(metadata, 'author');
  declared.add('manufacturer', author === undefined ? undefined : { name: author }, 'metadata/author');
  const license = textAt(metadata, 'license');
  declared.add(
    'license',
    license === undefined ? undefined : licenseClaim(licenseName(license), undefined),
    'metadata/license',
  );
  declared.add('task', textAt(metadata, 'task'), 'metadata/task');
  const version = textAt(metadata, 'version');
  declared.add('mlbom:model:library', version === undefined ? undefined : 'ultralytics', 'metadata/version');
  for (const key of ['version', 'date', 'stride', 'batch', 'imgsz', 'names'] as const) {
    const value = valueAt(metadata, key);
    if (value === undefined || value === null) continue;
    declared.add(
      'mlbom:model:header',
      `${key}=${shortened(typeof value === 'string' ? value : JSON.stringify(value), limits.provenanceText)}`,
      `metadata/${key}`,
    );
  }
  return 4 + length;
}

/** `AGPL-3.0 License (https://…)` */
function licenseName(license: string): string {
  return license.replace(/\s*\(?https?:.*$/, '').replace(/ License$/, '');
}
