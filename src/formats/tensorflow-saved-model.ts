import type { ByteRange, ByteSource } from '../core/entry.ts';
import { emptyGraph, readGraphInto } from './tensorflow-graph.ts';
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
  type TensorflowMetaGraph,
  type TensorflowSignature,
  type TensorflowValue,
} from './tensorflow-types.ts';
import { readShape } from './tensorflow-values.ts';

export interface TensorflowSavedModel {
  /** `saved_model_schema_version`; 1 since there are SavedModels. */
  readonly schemaVersion: number;
  readonly metaGraphs: readonly TensorflowMetaGraph[];
}

/** Most variants of one model: `serve`, `train`, `eval`, for a few devices. */
const mostMetaGraphs = 64;

/**
 * Reads `saved_model.pb` (tensorflow/core/protobuf/saved_model.proto): graphs by their operators, with signatures and
 * the names of assets.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readSavedModel(source: ByteSource): Promise<TensorflowSavedModel> {
  const reader = openTensorflow(source);
  const metaGraphs: TensorflowMetaGraph[] = [];
  let schemaVersion = 0;
  await readFields(
    reader,
    { offset: 0, length: source.size },
    {
      1: ['varint', ({ varint }) => void (schemaVersion = Number(varint))],
      2: [
        'bytes',
        async ({ range }) => {
          if (metaGraphs.length >= mostMetaGraphs)
            throw tensorflowError('E_LIMIT', 'meta-graphs', 'too many meta graphs');
          metaGraphs.push(await readMetaGraphAt(reader, range));
        },
      ],
    },
  );
  if (metaGraphs.length === 0) throw tensorflowError('E_MALFORMED', 'saved-model', 'no meta graph');
  return { schemaVersion, metaGraphs };
}

/** Reads a file that is one `MetaGraphDef` (meta_graph.proto): the `.meta` beside a checkpoint of TensorFlow 1. */
export async function readMetaGraph(source: ByteSource): Promise<TensorflowMetaGraph> {
  const metaGraph = await readMetaGraphAt(openTensorflow(source), { offset: 0, length: source.size });
  if (metaGraph.graph.operators.size > 0) return metaGraph;
  throw tensorflowError('E_MALFORMED', 'graph', 'a graph without nodes');
}

async function readMetaGraphAt(reader: TensorflowReader, range: ByteRange): Promise<TensorflowMetaGraph> {
  const tags: string[] = [];
  const signatures: TensorflowSignature[] = [];
  const assets: string[] = [];
  const graph = emptyGraph();
  let [tensorflowVersion, gitVersion] = ['', ''];
  await readFields(reader, range, {
    1: [
      'bytes',
      (field) =>
        readFields(reader, field.range, {
          4: ['bytes', async (text) => void tags.push(await listedText(reader, text.range))],
          5: ['bytes', async (text) => void (tensorflowVersion = await textOf(reader, text.range))],
          6: ['bytes', async (text) => void (gitVersion = await textOf(reader, text.range))],
        }),
    ],
    2: ['bytes', (field) => readGraphInto(reader, field.range, graph)],
    5: ['bytes', async (field) => void signatures.push(await readSignature(reader, field.range))],
    6: [
      'bytes',
      (field) =>
        readFields(reader, field.range, {
          2: ['bytes', async (text) => void assets.push(await listedText(reader, text.range))],
        }),
    ],
  });
  return { tags, tensorflowVersion, gitVersion, graph, signatures, assets };
}

async function listedText(reader: TensorflowReader, range: ByteRange): Promise<string> {
  countEntry(reader);
  return textOf(reader, range);
}

/** An entry of `signature_def`: a name and a `SignatureDef`. */
async function readSignature(reader: TensorflowReader, entry: ByteRange): Promise<TensorflowSignature> {
  countEntry(reader);
  let name = '';
  const inputs: TensorflowValue[] = [];
  const outputs: TensorflowValue[] = [];
  await readFields(reader, entry, {
    1: ['bytes', async (text) => void (name = await textOf(reader, text.range))],
    2: [
      'bytes',
      (field) =>
        readFields(reader, field.range, {
          1: ['bytes', async (value) => void inputs.push(await readValue(reader, value.range))],
          2: ['bytes', async (value) => void outputs.push(await readValue(reader, value.range))],
        }),
    ],
  });
  return { name, inputs, outputs };
}

/** An entry of `inputs` or `outputs`: the name of the argument and a `TensorInfo`. */
async function readValue(reader: TensorflowReader, entry: ByteRange): Promise<TensorflowValue> {
  countEntry(reader);
  let name = '';
  let dtype = 0;
  let shape: number[] | undefined;
  await readFields(reader, entry, {
    1: ['bytes', async (text) => void (name = await textOf(reader, text.range))],
    2: [
      'bytes',
      (field) =>
        readFields(reader, field.range, {
          2: ['varint', ({ varint }) => void (dtype = Number(varint))],
          3: ['bytes', async (it) => void (shape = await readShape(reader, it.range))],
        }),
    ],
  });
  return { name, dtype: tensorflowType(dtype).name, ...(shape ? { shape } : {}) };
}
