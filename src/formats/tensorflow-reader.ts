import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { ProtobufReader, type ProtobufField, type WireType } from './protobuf.ts';

/** A protobuf reader with the bounds on all that is kept of one TensorFlow file. */
export interface TensorflowReader {
  readonly protobuf: ProtobufReader;
  nodesLeft: number;
  tensorsLeft: number;
  /** Entries of lists: operators, functions, signatures, values, tags, assets. */
  entriesLeft: number;
}

/** What to do with the fields of a message, by number; the wire type is the one that the schema gives. */
export type Fields = Readonly<
  Record<number, readonly [wire: WireType, read: (field: ProtobufField) => Promise<void> | undefined]>
>;

/** @throws MlbomError `E_LIMIT` for more than 2 GiB */
export function openTensorflow(source: ByteSource): TensorflowReader {
  return {
    protobuf: new ProtobufReader(source),
    nodesLeft: limits.tensorflowNodes,
    tensorsLeft: limits.tensorsPerFile,
    entriesLeft: limits.tensorflowListEntries,
  };
}

/**
 * Reads the message in `range`; other fields are passed over.
 * @throws MlbomError `E_MALFORMED` when a field has another wire type than its schema gives it
 */
export async function readFields(reader: TensorflowReader, range: ByteRange, fields: Fields): Promise<void> {
  await reader.protobuf.message(range, (field) => {
    const known = fields[field.number];
    if (known === undefined) return undefined;
    if (known[0] === field.wire) return known[1](field);
    throw tensorflowError(
      'E_MALFORMED',
      'field',
      `field ${field.number} is a ${field.wire} (at ${field.range.offset})`,
    );
  });
}

/** The text of a string field, by its range. */
export async function textOf(reader: TensorflowReader, range: ByteRange): Promise<string> {
  return reader.protobuf.text(range, limits.tensorflowStringBytes);
}

/** One entry more of a list. @throws MlbomError `E_LIMIT` */
export function countEntry(reader: TensorflowReader): void {
  if (reader.entriesLeft-- > 0) return;
  throw tensorflowError('E_LIMIT', 'entries', `more than ${limits.tensorflowListEntries} entries of lists`);
}

export function tensorflowError(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  message: string,
): MlbomError {
  return new MlbomError(code, `tensorflow: ${message}`, { rule: `tensorflow-${rule}` });
}
