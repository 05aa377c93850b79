import type { ByteRange } from '../core/entry.ts';
import type { FieldHandler, FieldHandlers, OnnxReader } from './onnx-reader.ts';
import { append, countOf, message, readMessage, spend, text, varint } from './onnx-reader.ts';
import { readSparseTensor, readTensor } from './onnx-tensor.ts';
import type {
  OnnxContents,
  OnnxFunction,
  OnnxOpset,
  OnnxSparseTensor,
  OnnxTensor,
  OnnxValue,
} from './onnx-types.ts';
import { readValue } from './onnx-value.ts';

/** `OnnxContents` while it is gathered. */
export interface Contents extends OnnxContents {
  readonly operators: Map<string, Map<string, number>>;
  readonly initializers: OnnxTensor[];
  readonly nestedInitializers: OnnxTensor[];
  readonly constants: OnnxTensor[];
  readonly sparseTensors: OnnxSparseTensor[];
}

/** `OnnxGraph` while it is gathered. */
export interface GraphContents extends Contents {
  name: string;
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
}

export function emptyContents(): Contents {
  return { operators: new Map(), initializers: [], nestedInitializers: [], constants: [], sparseTensors: [] };
}

/** Reads the model's `GraphProto` into `graph`; protobuf merges the parts of one that comes in several. */
export async function readGraph(reader: OnnxReader, range: ByteRange, graph: GraphContents): Promise<void> {
  await readMessage(reader, range, {
    ...graphHandlers(reader, graph, graph.initializers),
    2: text(reader, (value) => (graph.name = value)),
    11: message(async (it) => {
      append(graph.inputs, await readValue(reader, it));
    }),
    12: message(async (it) => {
      append(graph.outputs, await readValue(reader, it));
    }),
  });
}

/** Reads a `FunctionProto`. */
export async function readFunction(reader: OnnxReader, range: ByteRange): Promise<OnnxFunction> {
  const contents = emptyContents();
  const opsets: OnnxOpset[] = [];
  let name = '';
  let domain = '';
  await readMessage(reader, range, {
    1: text(reader, (value) => (name = value)),
    7: message((it) => readNode(reader, it, contents)),
    9: opsetHandler(reader, opsets),
    10: text(reader, (value) => (domain = value)),
    11: message((it) => readAttribute(reader, it, contents)),
  });
  return { name, domain, opsets, ...contents };
}

/** Reads a `TrainingInfoProto`: its two graphs together. */
export async function readTraining(reader: OnnxReader, range: ByteRange): Promise<OnnxContents> {
  const contents = emptyContents();
  const graph = message((it) =>
    readMessage(reader, it, graphHandlers(reader, contents, contents.initializers)),
  );
  await readMessage(reader, range, { 1: graph, 2: graph });
  return contents;
}

/** Handles `OperatorSetIdProto`s. */
export function opsetHandler(reader: OnnxReader, opsets: OnnxOpset[]): FieldHandler {
  return message(async (range) => {
    let domain = '';
    let version = 0;
    await readMessage(reader, range, {
      1: text(reader, (value) => (domain = value)),
      2: varint((value) => (version = countOf(value, 'opset'))),
    });
    append(opsets, { domain, version });
  });
}

/** What graphs at all places have in common. */
function graphHandlers(reader: OnnxReader, contents: Contents, initializers: OnnxTensor[]): FieldHandlers {
  return {
    1: message((range) => readNode(reader, range, contents)),
    5: tensorInto(reader, initializers),
    15: sparseTensorInto(reader, contents),
  };
}

async function readNode(reader: OnnxReader, range: ByteRange, contents: Contents): Promise<void> {
  reader.nodesLeft = spend(reader.nodesLeft, 1, 'nodes');
  let operator = '';
  let domain = '';
  let output = '';
  const before = contents.constants.length;
  await readMessage(reader, range, {
    2: text(reader, (value) => (output ||= value)),
    4: text(reader, (value) => (operator = value)),
    5: message((it) => readAttribute(reader, it, contents)),
    7: text(reader, (value) => (domain = value)),
  });
  countOperator(reader, contents, domain, operator);
  if (operator === 'Constant') nameAfter(output, contents.constants, before);
}

/** The tensor of a `Constant` node seldom has a name; the graph knows it as the node's output. */
function nameAfter(output: string, constants: OnnxTensor[], from: number): void {
  for (let index = from; index < constants.length; index++) {
    const tensor = constants[index];
    if (tensor?.name === '') constants[index] = { ...tensor, name: output };
  }
}

function countOperator(reader: OnnxReader, { operators }: Contents, domain: string, operator: string): void {
  let counts = operators.get(domain);
  if (counts === undefined) operators.set(domain, (counts = new Map<string, number>()));
  const count = counts.get(operator) ?? 0;
  if (count === 0) reader.operatorsLeft = spend(reader.operatorsLeft, 1, 'operators');
  counts.set(operator, count + 1);
}

async function readAttribute(reader: OnnxReader, range: ByteRange, contents: Contents): Promise<void> {
  const tensor = tensorInto(reader, contents.constants);
  const sparseTensor = sparseTensorInto(reader, contents);
  const graph = message((it) =>
    readMessage(reader, it, graphHandlers(reader, contents, contents.nestedInitializers)),
  );
  await readMessage(reader, range, {
    5: tensor,
    6: graph,
    10: tensor,
    11: graph,
    22: sparseTensor,
    23: sparseTensor,
  });
}

function tensorInto(reader: OnnxReader, list: OnnxTensor[]): FieldHandler {
  return message(async (range) => {
    list.push(await readTensor(reader, range));
  });
}

function sparseTensorInto(reader: OnnxReader, { sparseTensors }: Contents): FieldHandler {
  return message(async (range) => {
    sparseTensors.push(await readSparseTensor(reader, range));
  });
}
