import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { ByteWindow } from './byte-window.ts';
import { readPickle } from './pickle/read-pickle.ts';
import type { PickleValue } from './pickle/value.ts';
import { pytorchObject, type PytorchObject } from './pytorch-object.ts';

/** A file as `torch.save` wrote it before 1.6: five pickles, then the storages one after the other. */
export interface PytorchLegacy {
  readonly object: PytorchObject;
  /** `protocol_version`: 1001. */
  readonly version: number;
  readonly littleEndian: boolean;
  /** Where the bytes of each storage lie, by its key. */
  readonly storages: ReadonlyMap<string, ByteRange>;
}

/** The pickle of `0x1950a86a20f9469cfc6c`, behind PROTO and its version. */
const magic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** True for the first bytes of a legacy file. */
export function isPytorchLegacy(head: Uint8Array): boolean {
  return head[0] === 0x80 && magic.every((byte, index) => head[index + 2] === byte);
}

/**
 * Reads a legacy file (`_legacy_save` of torch/serialization.py): magic number, protocol version, system, the object, the
 * keys of its storages; then each storage as the number of its elements in eight bytes, and the elements.
 * @throws MlbomError `E_MALFORMED`, also where a storage ends behind the end of the file; `E_LIMIT`
 */
export async function readPytorchLegacy(source: ByteSource): Promise<PytorchLegacy> {
  const pickle = await readPickle(source, { streams: 5 });
  const [, version, system, value, keys] = pickle.values;
  if (!value || keys?.kind !== 'list') throw malformed('it does not begin with five pickles');
  const object = pytorchObject(value);
  const littleEndian = isLittleEndian(system);
  const sizes = new Map(
    object.tensors.flatMap(({ storage }) => (storage ? [[storage.key, storage.elementBytes]] : [])),
  );
  const names = keys.items.map(keyOf);
  const storages = await readStorages(source, { start: pickle.end, names, sizes, littleEndian });
  return { object, version: version?.kind === 'int' ? Number(version.value) : 0, littleEndian, storages };
}

interface Layout {
  readonly start: number;
  readonly names: readonly string[];
  /** Bytes of one element, by key. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly littleEndian: boolean;
}

/** Nobody can say where a storage ends whose type no tensor gives; those behind it are left out. */
async function readStorages(source: ByteSource, layout: Layout): Promise<Map<string, ByteRange>> {
  const { start, names, sizes, littleEndian } = layout;
  if (names.length > limits.tensorsPerFile) {
    throw new MlbomError('E_LIMIT', `pytorch: ${names.length} storages`, { rule: 'pytorch-storages' });
  }
  const window = new ByteWindow(source, { format: 'pytorch' });
  window.littleEndian = littleEndian;
  window.seek(start);
  const storages = new Map<string, ByteRange>();
  for (const name of names) {
    const size = sizes.get(name);
    if (size === undefined) return storages;
    await window.fill(8);
    const length = window.length64() * size;
    window.check(length);
    storages.set(name, { offset: window.position, length });
    window.skip(length);
  }
  return storages;
}

function isLittleEndian(system: PickleValue | undefined): boolean {
  if (system?.kind !== 'dict') return true;
  const entry = system.entries.find(([key]) => key.kind === 'text' && key.value === 'little_endian');
  return !(entry?.[1].kind === 'bool' && !entry[1].value);
}

function keyOf(value: PickleValue): string {
  if (value.kind === 'text') return value.value;
  throw malformed('the key of a storage is no text');
}

function malformed(message: string): MlbomError {
  return new MlbomError('E_MALFORMED', `pytorch: ${message}`, { rule: 'pytorch-legacy' });
}
