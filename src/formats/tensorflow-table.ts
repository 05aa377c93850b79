import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/** One entry of a table: its key, and where its value lies in the file. */
export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: ByteRange;
}

const footerBytes = 48;
/** Behind each block: how it is compressed, and a CRC-32C. */
const trailerBytes = 5;
const magic = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);

/** True for the last bytes of a table; LevelDB and TensorFlow share the format. */
function isTableEnd(tail: Uint8Array): boolean {
  return magic.every((byte, index) => tail[tail.length - magic.length + index] === byte);
}

/**
 * The entries of a sorted string table (leveldb/doc/table_format.md), in order. Each block is read once; blocks lie one
 * after the other.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT`; `E_UNSUPPORTED` for compressed blocks, which TensorFlow does not write
 */
export async function* readTable(source: ByteSource): AsyncGenerator<TableEntry> {
  if (source.size < footerBytes) throw error('E_MALFORMED', 'truncated', 'too short for a table');
  const footer = await source.read({ offset: source.size - footerBytes, length: footerBytes });
  if (!isTableEnd(footer)) throw error('E_MALFORMED', 'magic', 'it does not end like a table');
  const cursor = { bytes: footer, at: 0 };
  readHandle(cursor);
  const end = source.size - footerBytes;
  const index = await readBlock(source, readHandle(cursor), end);
  let last: Uint8Array | undefined;
  let from = 0;
  for (const { value } of entriesOf(index)) {
    const handle = readHandle({ bytes: index.bytes, at: value.offset - index.offset });
    if (handle.offset < from) throw error('E_MALFORMED', 'order', 'a block lies before the one before it');
    from = handle.offset + handle.length;
    for (const entry of entriesOf(await readBlock(source, handle, end))) {
      if (last && Buffer.compare(last, entry.key) >= 0)
        throw error('E_MALFORMED', 'order', 'the keys are not sorted');
      last = entry.key;
      yield entry;
    }
  }
}

interface Block {
  readonly offset: number;
  /** With the restart points behind the entries. */
  readonly bytes: Uint8Array;
  /** Bytes of the entries. */
  readonly length: number;
}

async function readBlock(source: ByteSource, { offset, length }: ByteRange, end: number): Promise<Block> {
  if (length < 4 || offset + length + trailerBytes > end)
    throw error('E_MALFORMED', 'block', 'a block leaves the file');
  if (length > limits.sstableBlockBytes) throw error('E_LIMIT', 'block', `a block of ${length} bytes`);
  const bytes = await source.read({ offset, length: length + trailerBytes });
  if (bytes[length] !== 0) throw error('E_UNSUPPORTED', 'compressed', 'a block is compressed');
  const restarts = new DataView(bytes.buffer, bytes.byteOffset).getUint32(length - 4, true);
  const entries = length - 4 - 4 * restarts;
  if (entries < 0) throw error('E_MALFORMED', 'block', 'a block with more restart points than bytes');
  return { offset, bytes, length: entries };
}

/** Keys are written as what they share with the one before, and the rest. */
function* entriesOf({ offset, bytes, length }: Block): Generator<TableEntry> {
  const cursor = { bytes: bytes.subarray(0, length), at: 0 };
  let key: Uint8Array = new Uint8Array();
  while (cursor.at < length) {
    const [shared, own, size] = [readVarint(cursor), readVarint(cursor), readVarint(cursor)];
    if (shared > key.length || own + size > length - cursor.at) {
      throw error('E_MALFORMED', 'entry', 'an entry leaves its block');
    }
    if (shared + own > limits.tensorflowStringBytes)
      throw error('E_LIMIT', 'key', `a key of ${shared + own} bytes`);
    key = Buffer.concat([key.subarray(0, shared), bytes.subarray(cursor.at, cursor.at + own)]);
    cursor.at += own;
    yield { key, value: { offset: offset + cursor.at, length: size } };
    cursor.at += size;
  }
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function readHandle(cursor: Cursor): ByteRange {
  return { offset: readVarint(cursor), length: readVarint(cursor) };
}

/** Up to 49 bits: more than any file has bytes. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let i = 0; i < 7; i++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  throw error('E_MALFORMED', 'varint', 'a number does not end');
}

function error(code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED', rule: string, message: string): MlbomError {
  return new MlbomError(code, `tensorflow checkpoint: ${message}`, { rule: `tensorflow-table-${rule}` });
}
