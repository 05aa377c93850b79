import { limits } from '../../core/limits.ts';
import { elementCount } from '../element-count.ts';
import { readDataspace } from './dataspace.ts';
import { readDatatype, type Hdf5Type } from './datatype.ts';
import { heapBytes, type GlobalHeap } from './global-heap.ts';
import { decodeText, Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import { messageTypes, sharedBody, type Hdf5File } from './object-header.ts';

/** The value of an attribute: a scalar, or a list in the order of the file. */
export type Hdf5Value = Hdf5Scalar | readonly Hdf5Scalar[];
export type Hdf5Scalar = string | number | bigint;

/** An attribute; without a value where its type is none of numbers and text, or it is empty. */
export interface Hdf5Attribute {
  readonly name: string;
  readonly value?: Hdf5Value;
}

/**
 * Reads the body of an attribute message (IV.A.2.m), versions 1 to 3.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readAttribute(
  file: Hdf5File,
  body: Uint8Array,
  heap: GlobalHeap,
): Promise<Hdf5Attribute> {
  const cursor = new Hdf5Cursor(body, file);
  const version = cursor.u8();
  const flags = cursor.u8();
  if (version < 1 || version > 3)
    throw hdf5Error('E_UNSUPPORTED', 'attribute', `an attribute of version ${version}`);
  const nameBytes = cursor.u16();
  const typeBytes = cursor.u16();
  const spaceBytes = cursor.u16();
  // The character set of the name.
  if (version === 3) cursor.skip(1);
  const part = (length: number): Uint8Array => {
    const bytes = cursor.bytes(length);
    // Version 1 pads each part to a multiple of eight.
    if (version === 1) cursor.align8();
    return bytes;
  };
  const name = decodeText(untilNul(part(nameBytes)));
  const typePart = part(typeBytes);
  const spacePart = part(spaceBytes);
  const type = readDatatype(
    new Hdf5Cursor(flags & 1 ? await sharedBody(file, typePart, messageTypes.datatype) : typePart, file),
  );
  const shape = readDataspace(
    new Hdf5Cursor(flags & 2 ? await sharedBody(file, spacePart, messageTypes.dataspace) : spacePart, file),
  );
  if (shape === undefined || type.kind === 'other') return { name };
  const count = elementCount(shape);
  if (count === undefined || count > limits.hdf5AttributeValues)
    throw hdf5Error('E_LIMIT', 'attribute', `${name.slice(0, 80)} has too many values`);
  const values: Hdf5Scalar[] = [];
  for (let i = 0; i < count; i++) values.push(await readScalar(file, cursor, type, heap));
  const [first] = values;
  if (shape.length > 0) return { name, value: values };
  return first === undefined ? { name } : { name, value: first };
}

async function readScalar(
  file: Hdf5File,
  cursor: Hdf5Cursor,
  type: Hdf5Type,
  heap: GlobalHeap,
): Promise<Hdf5Scalar> {
  if (type.kind === 'text') return readText(file, cursor, heap);
  if (type.kind === 'fixed-text') return decodeText(untilNul(cursor.bytes(type.size))).trimEnd();
  const bytes = cursor.bytes(type.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return numberOf(view, type);
}

/** A text of variable length: how long it is and which object of which heap collection has it. */
async function readText(file: Hdf5File, cursor: Hdf5Cursor, heap: GlobalHeap): Promise<string> {
  const length = cursor.u32();
  const address = cursor.address();
  const index = cursor.u32();
  if (length === 0 || address === undefined || address === 0) return '';
  const object = await heap(address, index);
  if (length > object.length)
    throw hdf5Error('E_MALFORMED', 'heap', 'a text is longer than its object', object.offset);
  return decodeText(untilNul(await heapBytes(file, { offset: object.offset, length })));
}

function numberOf(view: DataView, { kind, signed, bigEndian, size }: Hdf5Type): number | bigint {
  const little = !bigEndian;
  if (kind === 'float') {
    if (size === 8) return view.getFloat64(0, little);
    if (size === 4) return view.getFloat32(0, little);
    return Number.NaN;
  }
  if (size === 8) {
    const wide = signed ? view.getBigInt64(0, little) : view.getBigUint64(0, little);
    const narrow = Number(wide);
    return Number.isSafeInteger(narrow) ? narrow : wide;
  }
  if (size === 4) return signed ? view.getInt32(0, little) : view.getUint32(0, little);
  if (size === 2) return signed ? view.getInt16(0, little) : view.getUint16(0, little);
  if (size === 1) return signed ? view.getInt8(0) : view.getUint8(0);
  return Number.NaN;
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
