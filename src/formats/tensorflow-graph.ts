import type { ByteRange, ByteSource } from '../core/entry.ts';
import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';
import {
  countEntry,
  openTensorflow,
  readFields,
  tensorflowError,
  textOf,
  type TensorflowReader,
} from './tensorflow-reader.ts';
import {
  tensorflowType,
  type OperatorUse,
  type TensorflowGraph,
  type TensorflowValue,
} from './tensorflow-types.ts';
import { readShape, readTensor } from './tensorflow-values.ts';

/** `TensorflowGraph` while it is gathered. */
export interface GraphParts {
  readonly operators: Map<string, OperatorUse & { count: number }>;
  readonly constants: TensorRecord[];
  readonly placeholders: TensorflowValue[];
  readonly functions: Set<string>;
  producer?: number;
}

export function emptyGraph(): GraphParts {
  return { operators: new Map(), constants: [], placeholders: [], functions: new Set() };
}

/**
 * Reads a file that is one `GraphDef` (tensorflow/core/framework/graph.proto): a frozen graph.
 * Tensors are given by their place and never read.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readTensorflowGraph(source: ByteSource): Promise<TensorflowGraph> {
  const reader = openTensorflow(source);
  const graph = emptyGraph();
  await readGraphInto(reader, { offset: 0, length: source.size }, graph);
  if (graph.operators.size === 0) throw tensorflowError('E_MALFORMED', 'graph', 'a graph without nodes');
  return graph;
}

/** Reads a `GraphDef`; protobuf merges the parts of one that comes in several. */
export async function readGraphInto(
  reader: TensorflowReader,
  range: ByteRange,
  graph: GraphParts,
): Promise<void> {
  await readFields(reader, range, {
    1: ['bytes', (field) => readNode(reader, field.range, graph)],
    2: [
      'bytes',
      (field) =>
        readFields(reader, field.range, { 1: ['bytes', (body) => readFunction(reader, body.range, graph)] }),
    ],
    4: [
      'bytes',
      (field) =>
        readFields(reader, field.range, {
          1: ['varint', ({ varint }) => void (graph.producer = Number(varint))],
        }),
    ],
  });
}

/** A `FunctionDef`. Its name stands in its signature, which writers put before the body. */
async function readFunction(reader: TensorflowReader, range: ByteRange, graph: GraphParts): Promise<void> {
  let name = '';
  await readFields(reader, range, {
    1: [
      'bytes',
      (field) =>
        readFields(reader, field.range, {
          1: ['bytes', async (text) => void (name = await textOf(reader, text.range))],
        }),
    ],
    3: ['bytes', (field) => readNode(reader, field.range, graph, name)],
  });
  countEntry(reader);
  graph.functions.add(name);
}

/** A `NodeDef`. Attributes are looked at once the operator is known, in whatever order they come. */
async function readNode(
  reader: TensorflowReader,
  range: ByteRange,
  graph: GraphParts,
  within?: string,
): Promise<void> {
  if (reader.nodesLeft-- <= 0)
    throw tensorflowError('E_LIMIT', 'nodes', `more than ${limits.tensorflowNodes} nodes`);
  let name = '';
  let operator = '';
  const attributes: ByteRange[] = [];
  await readFields(reader, range, {
    1: ['bytes', async (field) => void (name = await textOf(reader, field.range))],
    2: ['bytes', async (field) => void (operator = await textOf(reader, field.range))],
    5: [
      'bytes',
      (field) => {
        if (attributes.length < mostAttributes) attributes.push(field.range);
        return undefined;
      },
    ],
  });
  if (operator === '')
    throw tensorflowError('E_MALFORMED', 'node', `a node without an operator (at ${range.offset})`);
  const use = graph.operators.get(operator);
  if (use) use.count++;
  else {
    countEntry(reader);
    graph.operators.set(operator, {
      count: 1,
      node: name,
      place: range,
      ...(within === undefined ? {} : { within }),
    });
  }
  if (operator === 'Const')
    await readConstant(reader, attributes, within === undefined ? name : `${within}/${name}`, graph);
  if (operator === 'Placeholder' && within === undefined)
    await readPlaceholder(reader, attributes, name, graph);
}

/** Attributes of one node that are looked at; the operators that are of interest have less than ten. */
const mostAttributes = 256;

async function readConstant(
  reader: TensorflowReader,
  attributes: readonly ByteRange[],
  name: string,
  graph: GraphParts,
): Promise<void> {
  const value = await attributeNamed(reader, attributes, 'value', 8);
  if (value === undefined) return;
  if (reader.tensorsLeft-- <= 0)
    throw tensorflowError('E_LIMIT', 'tensors', `more than ${limits.tensorsPerFile} constants`);
  graph.constants.push(await readTensor(reader, value, name));
}

async function readPlaceholder(
  reader: TensorflowReader,
  attributes: readonly ByteRange[],
  name: string,
  graph: GraphParts,
): Promise<void> {
  countEntry(reader);
  const shape = await attributeNamed(reader, attributes, 'shape', 7);
  const sizes = shape && (await readShape(reader, shape));
  graph.placeholders.push({
    name,
    dtype: await typeAttribute(reader, attributes),
    ...(sizes ? { shape: sizes } : {}),
  });
}

/** The message that one field of the attribute's `AttrValue` holds. */
async function attributeNamed(
  reader: TensorflowReader,
  attributes: readonly ByteRange[],
  name: string,
  field: number,
): Promise<ByteRange | undefined> {
  let found: ByteRange | undefined;
  for (const attribute of attributes) {
    const value = await valueOf(reader, attribute, name);
    if (value) await readFields(reader, value, { [field]: ['bytes', ({ range }) => void (found = range)] });
  }
  return found;
}

/** The type that the attribute `dtype` holds (`AttrValue.type`). */
async function typeAttribute(reader: TensorflowReader, attributes: readonly ByteRange[]): Promise<string> {
  let type = 0;
  for (const attribute of attributes) {
    const value = await valueOf(reader, attribute, 'dtype');
    if (value)
      await readFields(reader, value, { 6: ['varint', ({ varint }) => void (type = Number(varint))] });
  }
  return tensorflowType(type).name;
}

/** The value of a map's entry, if the entry has this key. */
async function valueOf(
  reader: TensorflowReader,
  entry: ByteRange,
  name: string,
): Promise<ByteRange | undefined> {
  let key = '';
  let value: ByteRange | undefined;
  await readFields(reader, entry, {
    1: ['bytes', async ({ range }) => void (key = await textOf(reader, range))],
    2: ['bytes', ({ range }) => void (value = range)],
  });
  return key === name ? value : undefined;
}
