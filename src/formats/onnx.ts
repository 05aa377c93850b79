import type { ByteSource } from '../core/entry.ts';
import { limits } from '../core/limits.ts';
import { narrowInteger } from './narrow-integer.ts';
import type { GraphContents } from './onnx-graph.ts';
import { emptyContents, opsetHandler, readFunction, readGraph, readTraining } from './onnx-graph.ts';
import {
  append,
  countOf,
  message,
  onnxError,
  openOnnx,
  readMessage,
  readPair,
  text,
  varint,
} from './onnx-reader.ts';
import type { OnnxContents, OnnxFunction, OnnxModel, OnnxOpset } from './onnx-types.ts';

export type * from './onnx-types.ts';

const largestIrVersion = 2 ** 31 - 1;

/**
 * Describes an ONNX model: a `ModelProto` of onnx.proto, IR versions 1 to 13.
 * Tensor data is never loaded, so that a model of 2 GiB takes no more memory than its node and tensor names.
 * ONNX has no magic number: what is read as ONNX has an IR version, a graph, and all known fields in their wire types.
 * @throws MlbomError `E_MALFORMED` for anything else, for tensors whose data does not fit their shape and for
 * duplicate keys; `E_LIMIT`; `E_UNSUPPORTED` for an unknown data type
 */
export async function readOnnx(source: ByteSource): Promise<OnnxModel> {
  const reader = openOnnx(source);
  const strings = { producerName: '', producerVersion: '', domain: '', docString: '' };
  const opsets: OnnxOpset[] = [];
  const metadataProps = new Map<string, string>();
  const functions: OnnxFunction[] = [];
  const training: OnnxContents[] = [];
  let irVersion = 0;
  let modelVersion = 0n;
  let graph: GraphContents | undefined;

  await readMessage(
    reader,
    { offset: 0, length: source.size },
    {
      1: varint((value) => (irVersion = countOf(value, 'ir-version'))),
      2: text(reader, (value) => (strings.producerName = value)),
      3: text(reader, (value) => (strings.producerVersion = value)),
      4: text(reader, (value) => (strings.domain = value)),
      5: varint((value) => (modelVersion = BigInt.asIntN(64, value))),
      6: text(reader, (value) => (strings.docString = value)),
      7: message((range) => readGraph(reader, range, (graph ??= emptyGraph()))),
      8: opsetHandler(reader, opsets),
      14: message(async (range) => {
        addProperty(metadataProps, ...(await readPair(reader, range)));
      }),
      20: message(async (range) => {
        append(training, await readTraining(reader, range));
      }),
      25: message(async (range) => {
        append(functions, await readFunction(reader, range));
      }),
    },
  );
  if (irVersion === 0 || irVersion > largestIrVersion) {
    throw onnxError('E_MALFORMED', 'ir-version', 'not an ONNX model: it has no IR version');
  }
  if (graph === undefined) throw onnxError('E_MALFORMED', 'graph', 'not an ONNX model: it has no graph');
  return {
    irVersion,
    ...strings,
    modelVersion: narrowInteger(modelVersion),
    opsets,
    metadataProps,
    graph,
    functions,
    training,
  };
}

function addProperty(properties: Map<string, string>, key: string, value: string): void {
  if (properties.has(key)) {
    throw onnxError('E_MALFORMED', 'duplicate-key', `the key ${JSON.stringify(key.slice(0, 80))} twice`);
  }
  if (properties.size === limits.onnxListEntries)
    throw onnxError('E_LIMIT', 'list', 'too many metadata_props');
  properties.set(key, value);
}

function emptyGraph(): GraphContents {
  return { name: '', inputs: [], outputs: [], ...emptyContents() };
}
