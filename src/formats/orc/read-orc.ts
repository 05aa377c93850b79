import { inflateRawSync } from 'node:zlib';
import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import { memorySource } from '../memory-source.ts';
import { ProtobufReader, type ProtobufField } from '../protobuf.ts';
import { orcColumns, type OrcType } from './orc-types.ts';

export interface Orc {
  readonly codec: string;
  /** `0.12` */
  readonly version: string;
  /** Undefined where the footer is compressed in a way that is not read. */
  readonly footer?: {
    readonly rows: bigint;
    readonly stripes: number;
    readonly columns: readonly DatasetColumn[];
    /** Names of the user's metadata. */
    readonly keys: readonly string[];
  };
}

interface PostScript {
  readonly footerBytes: number;
  readonly compression: number;
  readonly version: string;
}

const magic = 'ORC';
const codecs = ['none', 'zlib', 'snappy', 'lzo', 'lz4', 'zstd', 'brotli'];
const chunkHeaderBytes = 3;
/** Bytes of a name of a column or a key. */
const longestName = 64 * 1024;

/** True for what begins like an ORC file; files of Hive 0.11 do not, and are older than any model. */
export function isOrc(head: Uint8Array): boolean {
  return textOf(head.subarray(0, magic.length)) === magic;
}

/**
 * Reads the postscript and the footer of an ORC file (orc.apache.org, "ORC Specification v1"); no stripe is looked at.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readOrc(source: ByteSource): Promise<Orc> {
  if (source.size < magic.length + 2) throw malformed('truncated', 'it is too short');
  const [length = 0] = await source.read({ offset: source.size - 1, length: 1 });
  if (length > source.size - 1 - magic.length) throw malformed('truncated', 'it is too short');
  const start = source.size - 1 - length;
  const post = await postScript(memorySource(await source.read({ offset: start, length })));
  const { compression, footerBytes, version } = post;
  const codec = codecs[compression] ?? `unknown ${compression}`;
  if (footerBytes > start - magic.length) throw malformed('truncated', 'the footer is larger than the file');
  if (footerBytes > limits.tableFooterBytes) throw tooLarge(footerBytes);
  // Compression of the whole is by chunks, each of which may still be as it was.
  const stored = await source.read({ offset: start - footerBytes, length: footerBytes });
  const bytes = compression === 0 ? stored : unpacked(stored, compression);
  if (bytes === undefined) return { codec, version };
  return { codec, version, footer: await footer(memorySource(bytes)) };
}

async function postScript(source: ByteSource): Promise<PostScript> {
  let [footerBytes, compression, found] = [0, 0, ''];
  const version: number[] = [];
  const reader = new ProtobufReader(source);
  await reader.message(whole(source), (field) => {
    if (field.number === 1 && field.wire === 'varint') footerBytes = Number(field.varint);
    if (field.number === 2 && field.wire === 'varint') compression = Number(field.varint);
    if (field.number === 4 && field.wire === 'varint') version.push(Number(field.varint));
    if (field.number === 4 && field.wire === 'bytes')
      return reader.packed(field.range, (value) => version.push(Number(value)));
    if (field.number === 8000 && field.wire === 'bytes')
      return reader.text(field.range, longestName).then((text) => void (found = text));
    return undefined;
  });
  if (found !== magic) throw malformed('magic', 'it does not end with ORC');
  return { footerBytes, compression, version: version.slice(0, 4).join('.') };
}

async function footer(source: ByteSource): Promise<NonNullable<Orc['footer']>> {
  const types: OrcType[] = [];
  const keys: string[] = [];
  let rows = 0n;
  let stripes = 0;
  const reader = new ProtobufReader(source);
  await reader.message(whole(source), ({ number, wire, varint, range }) => {
    if (number === 3) stripes++;
    if (number === 4 && wire === 'bytes') return readType(range);
    if (number === 5 && wire === 'bytes') return readKey(range);
    if (number === 6 && wire === 'varint') rows = varint;
    return undefined;
  });
  return { rows, stripes, columns: orcColumns(types), keys: keys.sort() };

  async function readType(range: ByteRange): Promise<void> {
    if (types.length >= limits.datasetColumns)
      throw new MlbomError('E_LIMIT', `orc: more than ${limits.datasetColumns} types`, { rule: 'orc-types' });
    const numbers = new Map<number, number>();
    const [children, names]: [number[], string[]] = [[], []];
    await reader.message(range, (field: ProtobufField) => {
      if (field.wire === 'varint' && field.number !== 2) numbers.set(field.number, Number(field.varint));
      if (field.number === 2 && field.wire === 'varint') children.push(Number(field.varint));
      if (field.number === 2 && field.wire === 'bytes')
        return reader.packed(field.range, (value) => children.push(Number(value)));
      if (field.number === 3 && field.wire === 'bytes')
        return reader.text(field.range, longestName).then((name) => void names.push(name));
      return undefined;
    });
    const [kind, precision, scale] = [numbers.get(1) ?? 0, numbers.get(5) ?? 0, numbers.get(6) ?? 0];
    types.push({ kind, children, names, precision, scale });
  }

  async function readKey(range: ByteRange): Promise<void> {
    await reader.message(range, (field) => {
      if (field.number !== 1 || field.wire !== 'bytes' || keys.length >= limits.datasetListEntries)
        return undefined;
      return reader.text(field.range, longestName).then((key) => void keys.push(key));
    });
  }
}

/** The chunks of a compressed stream, put together; undefined for a compression that is not read. */
function unpacked(stored: Uint8Array, compression: number): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = 0; at < stored.length;) {
    const [a = 0, b = 0, c = 0] = stored.subarray(at, at + chunkHeaderBytes);
    const header = a | (b << 8) | (c << 16);
    const [length, isOriginal] = [header >> 1, (header & 1) === 1];
    at += chunkHeaderBytes;
    if (length > stored.length - at) throw malformed('chunk', 'a chunk is longer than the footer');
    const chunk = stored.subarray(at, at + length);
    at += length;
    if (!isOriginal && compression !== 1) return undefined;
    const part = isOriginal ? chunk : inflated(chunk, limits.tableFooterBytes - total);
    total += part.length;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function inflated(chunk: Uint8Array, limit: number): Uint8Array {
  try {
    return inflateRawSync(chunk, { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(limits.tableFooterBytes + 1);
    throw new MlbomError('E_MALFORMED', 'orc: the footer cannot be unpacked', { rule: 'orc-zlib', cause });
  }
}

function whole({ size }: ByteSource): ByteRange {
  return { offset: 0, length: size };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function tooLarge(bytes: number): MlbomError {
  return new MlbomError('E_LIMIT', `orc: a footer of ${bytes} bytes`, { rule: 'orc-footer' });
}

function malformed(rule: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `orc: ${what}`, { rule: `orc-${rule}` });
}
