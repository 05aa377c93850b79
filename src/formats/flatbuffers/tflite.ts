import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { elementCount } from '../element-count.ts';
import { subrange } from '../subrange.ts';
import { FlatBuffer, flatbufferIdentifier, type FlatTable, type FlatVector } from './flatbuffer.ts';
import { tfliteOperators } from './tflite-operators.ts';

export interface TfliteTensor {
  readonly name: string;
  /** safetensors' name where it has one. */
  readonly dtype: string;
  /** -1 for a dimension that is known at run time alone. */
  readonly shape: readonly number[];
}

/** A tensor whose values are in the file. */
export interface TfliteConstant extends TfliteTensor {
  readonly range: ByteRange;
}

export interface TfliteModel {
  readonly version: number;
  readonly description: string;
  /** Names of the operators that come with the runtime, sorted. */
  readonly operators: readonly string[];
  /** Names of those that do not. */
  readonly customOperators: readonly string[];
  readonly inputs: readonly TfliteTensor[];
  readonly outputs: readonly TfliteTensor[];
  readonly subgraphs: number;
  readonly constants: readonly TfliteConstant[];
  /** Names of entries with where their bytes are: `min_runtime_version`, `TFLITE_METADATA`. */
  readonly metadata: ReadonlyMap<string, ByteRange>;
  readonly signatures: readonly string[];
}

/** `TensorType` of schema.fbs, with the bits of one element. */
const types: readonly (readonly [name: string, bits: number])[] = [
  ['F32', 32],
  ['F16', 16],
  ['I32', 32],
  ['U8', 8],
  ['I64', 64],
  ['string', 0],
  ['BOOL', 8],
  ['I16', 16],
  ['C64', 64],
  ['I8', 8],
  ['F64', 64],
  ['C128', 128],
  ['U64', 64],
  ['resource', 0],
  ['variant', 0],
  ['U32', 32],
  ['U16', 16],
  ['I4', 4],
  ['BF16', 16],
];

const customOperator = 32;

/**
 * Describes a TensorFlow Lite model (schema.fbs, versions 3 to 3c) or a Circle one (`CIR0`), whose schema grew out of
 * it. Of the weights no byte is read.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readTflite(source: ByteSource): Promise<TfliteModel> {
  const buffer = new FlatBuffer(source, 'tflite');
  const identifier = flatbufferIdentifier(await source.read({ offset: 0, length: Math.min(8, source.size) }));
  if (identifier !== 'TFL3' && identifier !== 'CIR0')
    throw buffer.error('E_MALFORMED', 'identifier', 'it does not say that it is a model', 4);
  const model = await buffer.root();
  const buffers = await buffer.vector(model, 4, 4);
  const [operators, customOperators] = await readOperators(buffer, model);
  const inputs: TfliteTensor[] = [];
  const outputs: TfliteTensor[] = [];
  const constants = new Map<number, TfliteConstant>();
  let subgraphs = 0;
  for await (const graph of buffer.tables(model, 2)) {
    const tensors = await buffer.vector(graph, 0, 4);
    // The first one is the entry; the others are bodies of loops and conditions, and further signatures.
    if (subgraphs === 0) {
      for (const index of await buffer.i32s(graph, 1)) inputs.push(await tensorAt(buffer, tensors, index));
      for (const index of await buffer.i32s(graph, 2)) outputs.push(await tensorAt(buffer, tensors, index));
    }
    await readConstants(buffer, tensors, buffers, constants);
    subgraphs++;
  }
  const signatures: string[] = [];
  for await (const signature of buffer.tables(model, 7)) signatures.push(await buffer.text(signature, 2));
  return {
    version: await buffer.u32(model, 0),
    description: await buffer.text(model, 3),
    operators,
    customOperators,
    inputs,
    outputs,
    subgraphs,
    constants: [...constants.values()],
    metadata: await readMetadata(buffer, model, buffers),
    signatures,
  };
}

async function readOperators(buffer: FlatBuffer, model: FlatTable): Promise<[string[], string[]]> {
  const operators = new Set<string>();
  const custom = new Set<string>();
  for await (const code of buffer.tables(model, 1)) {
    // The first field has eight bits; codes from 127 on stand in the newer one.
    const number = Math.max(await buffer.i8(code, 0), await buffer.i32(code, 3));
    if (number === customOperator) custom.add(await buffer.text(code, 1));
    else operators.add(tfliteOperators[number] ?? `operator ${number}`);
  }
  return [[...operators].sort(), [...custom].sort()];
}

async function tensorAt(buffer: FlatBuffer, tensors: FlatVector, index: number): Promise<TfliteTensor> {
  // -1 is an optional input that is not there.
  if (index < 0) return { name: '', dtype: 'none', shape: [] };
  return readTensor(buffer, await buffer.tableOf(tensors, index));
}

async function readTensor(buffer: FlatBuffer, table: FlatTable): Promise<TfliteTensor> {
  const shape = await buffer.i32s(table, 0);
  const signature = await buffer.i32s(table, 7);
  const [dtype] = types[await buffer.i8(table, 1)] ?? ['unknown'];
  return {
    name: await buffer.text(table, 3),
    dtype,
    shape: signature.length === shape.length ? signature : shape,
  };
}

/** Of tensors that share a buffer the first has it. */
async function readConstants(
  buffer: FlatBuffer,
  tensors: FlatVector,
  buffers: FlatVector,
  constants: Map<number, TfliteConstant>,
): Promise<void> {
  for (let index = 0; index < tensors.count; index++) {
    const table = await buffer.tableOf(tensors, index);
    const number = await buffer.u32(table, 2);
    // Buffer 0 is always empty: tensors that are computed.
    if (number === 0 || number >= buffers.count || constants.has(number)) continue;
    const range = await bufferRange(buffer, buffers, number);
    if (!range) continue;
    const shape = await buffer.i32s(table, 0);
    const [dtype, bits] = types[await buffer.i8(table, 1)] ?? ['unknown', 0];
    const name = await buffer.text(table, 3);
    const count = shape.every((size) => size >= 0) ? elementCount(shape) : undefined;
    if (count === undefined) throw buffer.error('E_MALFORMED', 'shape', `${name.slice(0, 80)} has no size`);
    // A sparse tensor has fewer values than its shape; none has more room than its elements need.
    if (bits > 0 && Math.ceil((count * bits) / 8) < range.length)
      throw buffer.error('E_MALFORMED', 'buffer', `${name.slice(0, 80)} has more bytes than its shape needs`);
    constants.set(number, { name, dtype, shape, range });
  }
}

/** Inside the FlatBuffers part, or behind it where models are larger than 2 GB (version 3c). */
async function bufferRange(
  buffer: FlatBuffer,
  buffers: FlatVector,
  number: number,
): Promise<ByteRange | undefined> {
  const table = await buffer.tableOf(buffers, number);
  const offset = await buffer.u64(table, 1);
  const length = await buffer.u64(table, 2);
  // 1 is a placeholder of the writer for "behind", which it fills in later.
  if (offset <= 1) return buffer.bytes(table, 0);
  if (length === 0) return undefined;
  if (offset + length > buffer.size)
    throw buffer.error(
      'E_MALFORMED',
      'truncated',
      `buffer ${number} ends behind the end of the file`,
      offset,
    );
  return { offset, length };
}

async function readMetadata(
  buffer: FlatBuffer,
  model: FlatTable,
  buffers: FlatVector,
): Promise<Map<string, ByteRange>> {
  const metadata = new Map<string, ByteRange>();
  for await (const entry of buffer.tables(model, 6)) {
    const number = await buffer.u32(entry, 1);
    const range = number < buffers.count ? await bufferRange(buffer, buffers, number) : undefined;
    if (range) metadata.set(await buffer.text(entry, 0), range);
  }
  return metadata;
}

/** What `TFLITE_METADATA` says (metadata_schema.fbs, `M001`). */
export interface TfliteMetadata {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly license: string;
  /** Names of files that are appended to the model as a zip. */
  readonly files: readonly string[];
}

/** @throws MlbomError `E_MALFORMED`, `E_LIMIT` */
export async function readTfliteMetadata(source: ByteSource, range: ByteRange): Promise<TfliteMetadata> {
  const buffer = new FlatBuffer(subrange(source, range), 'tflite');
  const root = await buffer.root();
  const files: string[] = [];
  for await (const file of buffer.tables(root, 6)) files.push(await buffer.text(file, 0));
  return {
    name: await buffer.text(root, 0),
    description: await buffer.text(root, 1),
    version: await buffer.text(root, 2),
    author: await buffer.text(root, 4),
    license: await buffer.text(root, 5),
    files,
  };
}
