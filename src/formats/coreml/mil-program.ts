import type { ByteRange } from '../../core/entry.ts';
import {
  coremlMessage,
  coremlNumber,
  coremlText,
  countEntry,
  readCoremlMessage,
  type CoremlReader,
} from './coreml-reader.ts';

/** A constant of an ML program whose values lie in a blob file. */
export interface MilConstant {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** As the program has it: `@model_path/weights/weight.bin`. */
  readonly file: string;
  /** Of the description of the blob, in its file. */
  readonly offset: number;
}

export interface MilProgram {
  readonly opsets: Set<string>;
  readonly operators: Set<string>;
  readonly constants: MilConstant[];
}

interface MilValue {
  dtype: string;
  shape: number[];
  file?: string;
  offset: number;
}

/** `DataType` of MIL.proto under safetensors' names. */
const types: ReadonlyMap<number, string> = new Map([
  [1, 'BOOL'],
  [2, 'string'],
  [10, 'F16'],
  [11, 'F32'],
  [12, 'F64'],
  [13, 'BF16'],
  [21, 'I8'],
  [22, 'I16'],
  [23, 'I32'],
  [24, 'I64'],
  [25, 'I4'],
  [31, 'U8'],
  [32, 'U16'],
  [33, 'U32'],
  [34, 'U64'],
  [35, 'U4'],
  [36, 'U2'],
  [37, 'U1'],
  [38, 'U6'],
  [39, 'U3'],
]);

/** Adds what a `Program` of MIL.proto has to `program`. Values inside the model itself are passed over. */
export async function readMilProgram(
  reader: CoremlReader,
  range: ByteRange,
  program: MilProgram,
): Promise<void> {
  await readCoremlMessage(reader, range, {
    2: coremlMessage((entry) => readMapValue(reader, entry, (value) => readFunction(reader, value, program))),
  });
}

async function readFunction(reader: CoremlReader, range: ByteRange, program: MilProgram): Promise<void> {
  await readCoremlMessage(reader, range, {
    2: coremlText(reader, (opset) => program.opsets.add(opset)),
    3: coremlMessage((entry) => readMapValue(reader, entry, (value) => readBlock(reader, value, program))),
  });
}

async function readBlock(reader: CoremlReader, range: ByteRange, program: MilProgram): Promise<void> {
  await readCoremlMessage(reader, range, {
    3: coremlMessage((operation) => readOperation(reader, operation, program)),
  });
}

async function readOperation(reader: CoremlReader, range: ByteRange, program: MilProgram): Promise<void> {
  countEntry(reader);
  let name = '';
  const values: MilValue[] = [];
  await readCoremlMessage(reader, range, {
    1: coremlText(reader, (type) => program.operators.add(type)),
    3: coremlMessage((output) =>
      readCoremlMessage(reader, output, { 1: coremlText(reader, (text) => (name = text)) }),
    ),
    4: coremlMessage((block) => readBlock(reader, block, program)),
    5: coremlMessage((entry) =>
      readMapValue(reader, entry, async (value) => {
        values.push(await readValue(reader, value));
      }),
    ),
  });
  for (const { file, ...value } of values)
    if (file !== undefined) program.constants.push({ name, file, ...value });
}

async function readValue(reader: CoremlReader, range: ByteRange): Promise<MilValue> {
  const value: MilValue = { dtype: 'unknown', shape: [], offset: 0 };
  await readCoremlMessage(reader, range, {
    2: coremlMessage((type) =>
      readCoremlMessage(reader, type, {
        1: coremlMessage((tensor) => readTensorType(reader, tensor, value)),
      }),
    ),
    5: coremlMessage((blob) =>
      readCoremlMessage(reader, blob, {
        1: coremlText(reader, (file) => (value.file = file)),
        2: coremlNumber((offset) => (value.offset = offset)),
      }),
    ),
  });
  return value;
}

async function readTensorType(reader: CoremlReader, range: ByteRange, value: MilValue): Promise<void> {
  await readCoremlMessage(reader, range, {
    1: coremlNumber((type) => (value.dtype = types.get(type) ?? 'unknown')),
    3: coremlMessage(async (dimension) => {
      countEntry(reader);
      let size = 0;
      await readCoremlMessage(reader, dimension, {
        1: coremlMessage((constant) =>
          readCoremlMessage(reader, constant, { 1: coremlNumber((number) => (size = number)) }),
        ),
      });
      value.shape.push(size);
    }),
  });
}

/** An entry of a map is a message with the key as field 1 and the value as field 2. */
async function readMapValue(
  reader: CoremlReader,
  entry: ByteRange,
  read: (value: ByteRange) => Promise<void>,
): Promise<void> {
  await readCoremlMessage(reader, entry, { 2: coremlMessage(read) });
}
