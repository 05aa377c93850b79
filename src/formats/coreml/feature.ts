import type { ByteRange } from '../../core/entry.ts';
import type { ProtobufField } from '../protobuf.ts';
import {
  coremlMessage,
  coremlNumber,
  coremlText,
  countEntry,
  readCoremlMessage,
  type CoremlReader,
} from './coreml-reader.ts';

/** `FeatureType` of FeatureTypes.proto. */
const types: Readonly<Record<number, string>> = {
  1: 'int64',
  2: 'double',
  3: 'string',
  4: 'image',
  5: 'multiArray',
  6: 'dictionary',
  7: 'sequence',
  8: 'state',
};

/** `ArrayFeatureType.ArrayDataType`. */
const elements: ReadonlyMap<number, string> = new Map([
  [65552, 'F16'],
  [65568, 'F32'],
  [65600, 'F64'],
  [131080, 'I8'],
  [131104, 'I32'],
]);

/** A `FeatureDescription` as one line: `image: image[224,224]`, `x: F32[1,10]`. */
export async function readFeature(reader: CoremlReader, range: ByteRange): Promise<string> {
  let name = '';
  let type = 'unknown';
  await readCoremlMessage(reader, range, {
    1: coremlText(reader, (text) => (name = text)),
    3: coremlMessage(async (inner) => {
      type = await readType(reader, inner);
    }),
  });
  return `${name}: ${type}`;
}

async function readType(reader: CoremlReader, range: ByteRange): Promise<string> {
  let type = 'unknown';
  await reader.protobuf.message(range, (field) => {
    const known = types[field.number];
    if (known === undefined || field.wire !== 'bytes') return undefined;
    type = known;
    if (known === 'image')
      return readSize(reader, field.range).then((size) => void (type = `image[${size}]`));
    if (known === 'multiArray') return readArray(reader, field.range).then((array) => void (type = array));
    return undefined;
  });
  return type;
}

/** Width and height. */
async function readSize(reader: CoremlReader, range: ByteRange): Promise<string> {
  let width = 0;
  let height = 0;
  await readCoremlMessage(reader, range, {
    1: coremlNumber((value) => (width = value)),
    2: coremlNumber((value) => (height = value)),
  });
  return `${width},${height}`;
}

async function readArray(reader: CoremlReader, range: ByteRange): Promise<string> {
  const shape: number[] = [];
  const keep = (size: number): void => {
    countEntry(reader);
    shape.push(size);
  };
  let element = 'multiArray';
  await readCoremlMessage(reader, range, {
    // Alone or packed.
    1: (field: ProtobufField) => {
      if (field.wire !== 'bytes') return coremlNumber(keep)(field);
      return reader.protobuf.packed(field.range, (value) => {
        keep(Number(value));
      });
    },
    2: coremlNumber((value) => (element = elements.get(value) ?? `type ${value}`)),
  });
  return `${element}[${shape.join(',')}]`;
}
