import type { ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { arrowSchema, type ArrowSchema } from './arrow-schema.ts';
import { readFeather } from './feather.ts';
import { FlatTable } from './flat-table.ts';

export interface Arrow extends ArrowSchema {
  readonly layout: 'file' | 'stream' | 'feather-v1';
  /** Record batches; undefined when there are too many to go through. */
  readonly batches?: number;
  /** Undefined with the batches. */
  readonly rows?: bigint;
  /** Compression of the buffers of the first batch. */
  readonly codec?: string;
}

const fileMagic = 'ARROW1';
/** In front of every message since Arrow 0.15. */
const continuation = 0xffffffff;
/** Values of the union MessageHeader. */
const schemaMessage = 1;
const batchMessage = 3;
const codecs = ['lz4', 'zstd'];

/** True for what begins like an Arrow file, a stream, or Feather's first version. */
export function isArrow(head: Uint8Array): boolean {
  const start = textOf(head.subarray(0, 8));
  return start === `${fileMagic}\0\0` || start.startsWith('FEA1') || isStream(head);
}

/** A stream begins with the message that has its schema, whose table lies near its beginning. */
function isStream(head: Uint8Array): boolean {
  if (head.length < 24) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getUint32(4, true);
  if (view.getUint32(0, true) !== continuation || length < 16 || length > limits.arrowMessageBytes)
    return false;
  try {
    return FlatTable.root(head.subarray(8)).u8(1) === schemaMessage;
  } catch {
    return false;
  }
}

/**
 * Reads the schema and the number of rows of Arrow's IPC formats (arrow.apache.org, "IPC File Format" and "IPC
 * Streaming Format") and of Feather's first version. Of the batches only the headers are read.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readArrow(source: ByteSource): Promise<Arrow> {
  const start = textOf(await source.read({ offset: 0, length: Math.min(8, source.size) }));
  if (start === `${fileMagic}\0\0`) return readFile(source);
  if (start.startsWith('FEA1')) return { layout: 'feather-v1', ...(await readFeather(source)) };
  return readStream(source);
}

async function readFile(source: ByteSource): Promise<Arrow> {
  const tailBytes = 4 + fileMagic.length;
  if (source.size < 8 + tailBytes) throw malformed('truncated', 'it is too short');
  const tail = await source.read({ offset: source.size - tailBytes, length: tailBytes });
  if (textOf(tail.subarray(4)) !== fileMagic) throw malformed('magic', 'it does not end with ARROW1');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > source.size - 8 - tailBytes)
    throw malformed('truncated', 'the footer is larger than the file');
  const footer = FlatTable.root(await message(source, source.size - tailBytes - length, length));
  const schema = footer.table(1);
  if (!schema) throw malformed('schema', 'it has no schema');
  const described = { layout: 'file' as const, ...arrowSchema(schema) };
  const count = footer.length(3);
  if (count > limits.countedBlocks) return described;
  const blocks: { offset: number; length: number }[] = [];
  for (const block of footer.structs(3, 24)) {
    blocks.push({ offset: Number(block.getBigInt64(0, true)), length: block.getInt32(8, true) });
  }
  const headers = blocks.reduce((sum, block) => sum + block.length, 0);
  // Blocks of an honest file do not overlap.
  if (headers > source.size) throw malformed('blocks', 'the headers of its batches are larger than the file');
  if (headers > limits.tableFooterBytes) return described;
  let rows = 0n;
  let codec: string | undefined;
  for (const block of blocks) {
    if (block.offset < 0 || block.length < 8 || block.offset + block.length > source.size)
      throw malformed('blocks', 'a batch lies outside of the file');
    const batch = batchOf(unframed(await message(source, block.offset, block.length)));
    rows += batch.rows;
    codec ??= batch.codec;
  }
  return { ...described, batches: count, rows, ...(codec === undefined ? {} : { codec }) };
}

/** The metadata without its length and what stands in front of that. */
function unframed(bytes: Uint8Array): FlatTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return FlatTable.root(bytes.subarray(view.getUint32(0, true) === continuation ? 8 : 4));
}

async function readStream(source: ByteSource): Promise<Arrow> {
  let schema: ArrowSchema | undefined;
  let batches = 0;
  let rows = 0n;
  let codec: string | undefined;
  let offset = 0;
  for (let messages = 0; offset < source.size; messages++) {
    if (schema && messages > limits.countedBlocks) return { layout: 'stream', ...schema };
    if (source.size - offset < 8) throw malformed('truncated', 'it ends inside a message');
    const frame = await source.read({ offset, length: 8 });
    const view = new DataView(frame.buffer, frame.byteOffset, 8);
    if (view.getUint32(0, true) !== continuation)
      throw malformed('message', 'no message where one has to be');
    const length = view.getUint32(4, true);
    if (length === 0) break;
    const header = FlatTable.root(await message(source, offset + 8, length));
    const body = header.i64(3);
    if (body < 0n || body > BigInt(source.size - offset - 8 - length))
      throw malformed('truncated', 'it ends inside the body of a message');
    offset += 8 + length + Number(body);
    const kind = header.u8(1);
    if (messages === 0) {
      const table = kind === schemaMessage ? header.table(2) : undefined;
      if (!table) throw malformed('schema', 'it does not begin with a schema');
      schema = arrowSchema(table);
    } else if (kind === batchMessage) {
      const batch = batchOf(header);
      batches++;
      rows += batch.rows;
      codec ??= batch.codec;
    }
  }
  if (!schema) throw malformed('schema', 'it has no schema');
  return { layout: 'stream', ...schema, batches, rows, ...(codec === undefined ? {} : { codec }) };
}

/** What the header of a record batch says. */
function batchOf(header: FlatTable): { rows: bigint; codec?: string } {
  const batch = header.u8(1) === batchMessage ? header.table(2) : undefined;
  if (!batch) throw malformed('batch', 'no record batch where one has to be');
  const rows = batch.i64(0);
  if (rows < 0n) throw malformed('batch', 'a batch of fewer than no rows');
  const compression = batch.table(3);
  const codec = compression ? (codecs[compression.u8(0)] ?? 'unknown') : undefined;
  return codec === undefined ? { rows } : { rows, codec };
}

async function message(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  if (length > limits.arrowMessageBytes)
    throw new MlbomError('E_LIMIT', `arrow: a header of ${length} bytes`, { rule: 'arrow-header', offset });
  if (length > source.size - offset) throw malformed('truncated', 'it ends inside a header');
  return source.read({ offset, length });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function malformed(rule: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `arrow: ${what}`, { rule: `arrow-${rule}` });
}
