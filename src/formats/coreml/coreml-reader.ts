import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { ProtobufReader, type ProtobufField } from '../protobuf.ts';

/** A protobuf reader with the bounds on what is kept of one Core ML model. */
export interface CoremlReader {
  readonly protobuf: ProtobufReader;
  /** Bytes of strings, and entries of lists, that may still be kept. */
  textLeft: number;
  entriesLeft: number;
}

export function openCoreml(source: ByteSource): CoremlReader {
  return {
    protobuf: new ProtobufReader(source),
    textLeft: limits.onnxTextBytes,
    entriesLeft: limits.tensorsPerFile,
  };
}

/** What to do with the fields of a message that matter, by their numbers. */
export type CoremlHandlers = Readonly<Record<number, (field: ProtobufField) => Promise<void> | undefined>>;

/** Visits the fields that have a handler; messages in fields of another wire type are passed over, as protobuf does. */
export async function readCoremlMessage(
  { protobuf }: CoremlReader,
  range: ByteRange,
  handlers: CoremlHandlers,
): Promise<void> {
  await protobuf.message(range, (field) => handlers[field.number]?.(field));
}

/** Hands on a string. */
export function coremlText(
  reader: CoremlReader,
  keep: (text: string) => void,
): (field: ProtobufField) => Promise<void> {
  return async ({ wire, range }) => {
    if (wire !== 'bytes') throw coremlError('E_MALFORMED', 'field', 'a text that is a number');
    reader.textLeft -= range.length;
    if (reader.textLeft < 0) throw coremlError('E_LIMIT', 'text', 'more text than is kept of one model');
    keep(await reader.protobuf.text(range, limits.onnxStringBytes));
  };
}

/** Descends into a message. */
export function coremlMessage(
  read: (range: ByteRange) => Promise<void>,
): (field: ProtobufField) => Promise<void> {
  return ({ wire, range }) => {
    if (wire !== 'bytes') throw coremlError('E_MALFORMED', 'field', 'a message that is a number');
    return read(range);
  };
}

/** Hands on a number. */
export function coremlNumber(
  keep: (value: number) => void,
): (field: ProtobufField) => Promise<void> | undefined {
  return ({ wire, varint }) => {
    if (wire !== 'varint') throw coremlError('E_MALFORMED', 'field', 'a number that is none');
    keep(Number(BigInt.asIntN(64, varint)));
    return undefined;
  };
}

/** Counts an entry of a list. @throws MlbomError `E_LIMIT` */
export function countEntry(reader: CoremlReader): void {
  reader.entriesLeft--;
  if (reader.entriesLeft < 0)
    throw coremlError('E_LIMIT', 'entries', 'more entries than are kept of one model');
}

export function coremlError(code: 'E_MALFORMED' | 'E_LIMIT', rule: string, message: string): MlbomError {
  return new MlbomError(code, `coreml: ${message}`, { rule: `coreml-${rule}` });
}
