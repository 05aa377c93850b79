import type { ByteRange } from '../core/entry.ts';
import type { TensorRecord } from '../core/manifest.ts';

/** A dimension of -1 is one that only a call knows. */
export interface TensorflowValue {
  readonly name: string;
  /** `float32`, `string`, `resource`: TensorFlow's own name; `dtype 99` for one that it did not have when this was written. */
  readonly dtype: string;
  /** Absent where the rank is unknown. */
  readonly shape?: readonly number[];
}

/** Where an operator stands first, and how often it is used. */
export interface OperatorUse {
  readonly count: number;
  readonly node: string;
  /** The function in whose body the node stands; absent for the graph itself. */
  readonly within?: string;
  readonly place: ByteRange;
}

/** A `GraphDef`: nodes, and functions that nodes call. */
export interface TensorflowGraph {
  /** By name, those in functions too. */
  readonly operators: ReadonlyMap<string, OperatorUse>;
  /** What `Const` nodes hold; a length of 0 where no range of the file has the plain bytes. */
  readonly constants: readonly TensorRecord[];
  readonly placeholders: readonly TensorflowValue[];
  /** Names of the functions in the library. */
  readonly functions: ReadonlySet<string>;
  /** `versions.producer`: the revision of the graph format that wrote it. */
  readonly producer?: number;
}

export interface TensorflowSignature {
  readonly name: string;
  readonly inputs: readonly TensorflowValue[];
  readonly outputs: readonly TensorflowValue[];
}

export interface TensorflowMetaGraph {
  readonly tags: readonly string[];
  readonly tensorflowVersion: string;
  readonly gitVersion: string;
  readonly graph: TensorflowGraph;
  readonly signatures: readonly TensorflowSignature[];
  /** File names below `assets/`, as they are written. */
  readonly assets: readonly string[];
}

interface DataType {
  readonly name: string;
  /** Of one element as stored; absent where elements have no fixed size. */
  readonly bits?: number;
}

/** `DataType` of types.proto by its number. */
const dataTypes: ReadonlyMap<number, DataType> = new Map([
  [1, { name: 'float32', bits: 32 }],
  [2, { name: 'float64', bits: 64 }],
  [3, { name: 'int32', bits: 32 }],
  [4, { name: 'uint8', bits: 8 }],
  [5, { name: 'int16', bits: 16 }],
  [6, { name: 'int8', bits: 8 }],
  [7, { name: 'string' }],
  [8, { name: 'complex64', bits: 64 }],
  [9, { name: 'int64', bits: 64 }],
  [10, { name: 'bool', bits: 8 }],
  [11, { name: 'qint8', bits: 8 }],
  [12, { name: 'quint8', bits: 8 }],
  [13, { name: 'qint32', bits: 32 }],
  [14, { name: 'bfloat16', bits: 16 }],
  [15, { name: 'qint16', bits: 16 }],
  [16, { name: 'quint16', bits: 16 }],
  [17, { name: 'uint16', bits: 16 }],
  [18, { name: 'complex128', bits: 128 }],
  [19, { name: 'float16', bits: 16 }],
  [20, { name: 'resource' }],
  [21, { name: 'variant' }],
  [22, { name: 'uint32', bits: 32 }],
  [23, { name: 'uint64', bits: 64 }],
  [24, { name: 'float8_e5m2', bits: 8 }],
  [25, { name: 'float8_e4m3fn', bits: 8 }],
  [26, { name: 'float8_e4m3fnuz', bits: 8 }],
  [27, { name: 'float8_e4m3b11fnuz', bits: 8 }],
  [28, { name: 'float8_e5m2fnuz', bits: 8 }],
  // Stored one to a byte.
  [29, { name: 'int4', bits: 8 }],
  [30, { name: 'uint4', bits: 8 }],
  [31, { name: 'int2' }],
  [32, { name: 'uint2' }],
  [33, { name: 'float4_e2m1fn' }],
]);

/** The type with this number; references (`DT_FLOAT_REF`) are 100 above the type they refer to. */
export function tensorflowType(id: number): DataType {
  return dataTypes.get(id > 100 ? id - 100 : id) ?? { name: `dtype ${id}` };
}
