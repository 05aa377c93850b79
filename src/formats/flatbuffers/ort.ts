import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { dtypeName } from '../../core/dtype.ts';
import { elementCount } from '../element-count.ts';
import { onnxDataType } from '../onnx-data-types.ts';
import { FlatBuffer, type FlatTable } from './flatbuffer.ts';

export interface OrtTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Absent for strings and for data outside the file. */
  readonly range?: ByteRange;
}

export interface OrtModel {
  /** Version of ONNX Runtime's format. */
  readonly version: string;
  readonly irVersion: number;
  /** `ai.onnx 17` */
  readonly opsets: readonly string[];
  readonly producerName: string;
  readonly producerVersion: string;
  readonly description: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Domain and name of each operator of the main graph: `com.microsoft:FusedConv`. */
  readonly operators: readonly string[];
  /** Execution providers that nodes were assigned to when the model was written. */
  readonly providers: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly initializers: readonly OrtTensor[];
}

/**
 * Describes a model in ONNX Runtime's own format (ort.fbs).
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readOrt(source: ByteSource): Promise<OrtModel> {
  const buffer = new FlatBuffer(source, 'ort');
  const session = await buffer.root();
  const model = await buffer.table(session, 1);
  if (!model) throw buffer.error('E_MALFORMED', 'model', 'it has no model');
  const graph = await buffer.table(model, 7);
  if (!graph) throw buffer.error('E_MALFORMED', 'graph', 'it has no graph');
  const opsets: string[] = [];
  for await (const opset of buffer.tables(model, 1))
    opsets.push(`${(await buffer.text(opset, 0)) || 'ai.onnx'} ${await buffer.u64(opset, 1)}`);
  const metadata = new Map<string, string>();
  for await (const pair of buffer.tables(model, 9))
    metadata.set(await buffer.text(pair, 0), await buffer.text(pair, 1));
  const { operators, providers } = await readNodes(buffer, graph);
  return {
    version: await buffer.text(session, 0),
    irVersion: await buffer.u64(model, 0),
    opsets: opsets.sort(),
    producerName: await buffer.text(model, 2),
    producerVersion: await buffer.text(model, 3),
    description: await buffer.text(model, 6),
    metadata,
    operators,
    providers,
    inputs: await listOf(buffer.texts(graph, 5)),
    outputs: await listOf(buffer.texts(graph, 6)),
    initializers: await readInitializers(buffer, graph),
  };
}

async function readNodes(
  buffer: FlatBuffer,
  graph: FlatTable,
): Promise<{ operators: string[]; providers: string[] }> {
  const operators = new Set<string>();
  const providers = new Set<string>();
  for await (const node of buffer.tables(graph, 2)) {
    operators.add(`${await buffer.text(node, 2)}:${await buffer.text(node, 5)}`);
    const provider = await buffer.text(node, 7);
    if (provider !== '') providers.add(provider);
  }
  return { operators: [...operators].sort(), providers: [...providers].sort() };
}

async function readInitializers(buffer: FlatBuffer, graph: FlatTable): Promise<OrtTensor[]> {
  const tensors: OrtTensor[] = [];
  for await (const table of buffer.tables(graph, 0)) {
    const name = await buffer.text(table, 0);
    const shape = await buffer.i64s(table, 2);
    const type = onnxDataType(BigInt(await buffer.u32(table, 3)));
    const range = await buffer.bytes(table, 4);
    const count = shape.every((size) => size >= 0) ? elementCount(shape) : undefined;
    if (count === undefined) throw buffer.error('E_MALFORMED', 'shape', `${name.slice(0, 80)} has no size`);
    const tensor = { name, dtype: dtypeName(type?.name ?? 'unknown'), shape };
    tensors.push(range ? { ...tensor, range } : tensor);
  }
  return tensors;
}

async function listOf(texts: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = [];
  for await (const text of texts) list.push(text);
  return list;
}
