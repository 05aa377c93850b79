import type { ByteRange } from '../core/entry.ts';

/** Where the bytes of a tensor are. */
export type OnnxTensorData =
  /** `raw_data`: little-endian, row-major, in this file. */
  | ({ readonly kind: 'raw' } & ByteRange)
  /** One of the typed fields (`float_data`, …): varints or several runs, so that no range has the plain bytes. */
  | { readonly kind: 'typed'; readonly field: string }
  | OnnxExternalData
  /** No bytes, because the shape has a zero in it. */
  | { readonly kind: 'none' };

/** Bytes in another file. What it says is given as it is; nothing was looked up. */
export interface OnnxExternalData {
  readonly kind: 'external';
  /** Verbatim; by the specification a path relative to the model's directory. */
  readonly location: string;
  /** True when `location` does not stay below the model's directory. */
  readonly escapes: boolean;
  /** Bytes; the start of the file when absent. */
  readonly offset?: number;
  /** Bytes; up to the end of the file when absent. Equal to `needs` where it is there. */
  readonly length?: number;
  /** Bytes that the tensor's shape and type take. */
  readonly needs: number;
  /** By the specification a SHA-1 of the whole file, as the writer put it there. */
  readonly checksum?: string;
}

export interface OnnxTensor {
  readonly name: string;
  /** `TensorProto.DataType` by name: `FLOAT`, `INT64`. */
  readonly dtype: string;
  /** Row-major. */
  readonly shape: readonly number[];
  readonly data: OnnxTensorData;
}

export interface OnnxSparseTensor {
  /** The shape of the dense tensor; its name is that of `values`. */
  readonly shape: readonly number[];
  readonly values: OnnxTensor;
  readonly indices: OnnxTensor;
}

/** What a graph or a function holds, with everything in the graphs inside its nodes. Each list is in file order. */
export interface OnnxContents {
  /** How many nodes of each operator, by domain as written (`''` and `ai.onnx` are the same one) and by name. */
  readonly operators: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly initializers: readonly OnnxTensor[];
  /** Initializers of graphs inside nodes: the bodies of `If`, `Loop` and `Scan`. */
  readonly nestedInitializers: readonly OnnxTensor[];
  /** Tensors in attributes: those of `Constant` nodes and their like. */
  readonly constants: readonly OnnxTensor[];
  /** Sparse initializers and sparse tensors in attributes. */
  readonly sparseTensors: readonly OnnxSparseTensor[];
}

export interface OnnxGraph extends OnnxContents {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxFunction extends OnnxContents {
  readonly name: string;
  readonly domain: string;
  readonly opsets: readonly OnnxOpset[];
}

/** An input or output. */
export interface OnnxValue {
  readonly name: string;
  readonly kind: 'tensor' | 'sequence' | 'map' | 'opaque' | 'sparse-tensor' | 'optional' | 'unknown';
  /** Of a tensor or sparse tensor. */
  readonly elemType?: string;
  /** A number, the name of a free dimension, or `null` for one that nobody named. Absent: the rank is unknown. */
  readonly shape?: readonly (number | string | null)[];
}

export interface OnnxOpset {
  /** `''` is `ai.onnx`. */
  readonly domain: string;
  readonly version: number;
}

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number | bigint;
  readonly docString: string;
  readonly opsets: readonly OnnxOpset[];
  readonly metadataProps: ReadonlyMap<string, string>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  /** Graphs for training, where the model brings some. */
  readonly training: readonly OnnxContents[];
}
