import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { FieldVisitor, ProtobufField, WireType } from './protobuf.ts';
import { ProtobufReader } from './protobuf.ts';

/** What to do with a field of one number. A repeated number comes alone or, as `bytes`, packed. */
export interface FieldHandler {
  readonly wires: readonly WireType[];
  readonly read: FieldVisitor;
}

export type FieldHandlers = Readonly<Record<number, FieldHandler>>;

/** A protobuf reader with what the messages of one ONNX model share: the bounds on all that is kept of it. */
export interface OnnxReader {
  readonly protobuf: ProtobufReader;
  /** Bytes of strings that may still be kept. */
  textLeft: number;
  /** Tensors that may still be kept. */
  tensorsLeft: number;
  nodesLeft: number;
  /** Different operators, over all graphs and functions. */
  operatorsLeft: number;
}

/** @throws MlbomError `E_LIMIT` for more than 2 GiB */
export function openOnnx(source: ByteSource): OnnxReader {
  return {
    protobuf: new ProtobufReader(source),
    textLeft: limits.onnxTextBytes,
    tensorsLeft: limits.tensorsPerFile,
    nodesLeft: limits.onnxNodes,
    operatorsLeft: limits.onnxListEntries,
  };
}

/**
 * Reads the message in `range`. Fields without a handler are passed over.
 * @throws MlbomError `E_MALFORMED` when a known field has another wire type: protobuf would skip it, so that
 * two readers could see two models
 */
export async function readMessage(
  reader: OnnxReader,
  range: ByteRange,
  handlers: FieldHandlers,
): Promise<void> {
  await reader.protobuf.message(range, (field) => {
    const handler = handlers[field.number];
    if (handler === undefined) return undefined;
    if (!handler.wires.includes(field.wire)) {
      throw onnxError(
        'E_MALFORMED',
        'field',
        `field ${field.number} is a ${field.wire} (at ${field.range.offset})`,
      );
    }
    return handler.read(field);
  });
}

/** Handles a string field. Of two, the later one counts, as protobuf has it. */
export function text(reader: OnnxReader, keep: (value: string) => void): FieldHandler {
  return {
    wires: ['bytes'],
    read: async ({ range }) => {
      reader.textLeft = spend(reader.textLeft, range.length, 'text');
      keep(await reader.protobuf.text(range, limits.onnxStringBytes));
    },
  };
}

/** Handles a number; the value is its 64 bits, unsigned. */
export function varint(keep: (value: bigint) => void): FieldHandler {
  return {
    wires: ['varint'],
    read: (field) => {
      keep(field.varint);
      return undefined;
    },
  };
}

/** Handles a message that `read` descends into. */
export function message(read: (range: ByteRange) => Promise<void>): FieldHandler {
  return { wires: ['bytes'], read: (field: ProtobufField) => read(field.range) };
}

/** Handles a repeated number, packed or not. */
export function varints(reader: OnnxReader, each: (value: bigint) => void): FieldHandler {
  return {
    wires: ['varint', 'bytes'],
    read: (field) => {
      if (field.wire === 'bytes') return reader.protobuf.packed(field.range, each);
      each(field.varint);
      return undefined;
    },
  };
}

/** A `StringStringEntryProto`. */
export async function readPair(reader: OnnxReader, range: ByteRange): Promise<readonly [string, string]> {
  let key = '';
  let value = '';
  await readMessage(reader, range, {
    1: text(reader, (it) => (key = it)),
    2: text(reader, (it) => (value = it)),
  });
  return [key, value];
}

/** Takes `cost` from what is left. @throws MlbomError `E_LIMIT` */
export function spend(left: number, cost: number, rule: string): number {
  if (cost > left) throw onnxError('E_LIMIT', rule, `more ${rule} than is kept of one model`);
  return left - cost;
}

/** Adds to a list of inputs, operator sets and the like. @throws MlbomError `E_LIMIT` */
export function append<T>(list: T[], item: T): void {
  if (list.length === limits.onnxListEntries) throw onnxError('E_LIMIT', 'list', 'a list is too long');
  list.push(item);
}

/** An int64 that counts something. @throws MlbomError `E_MALFORMED` when negative or beyond 2^53 */
export function countOf(value: bigint, rule: string): number {
  // A negative int64 is a varint above 2^63.
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw onnxError('E_MALFORMED', rule, `${BigInt.asIntN(64, value)} is not a count`);
}

/** An error of the ONNX reader, with the rule `onnx-<rule>`; `subject` is the tensor that it is about. */
export function onnxError(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  what: string,
  subject = '',
): MlbomError {
  return new MlbomError(code, `onnx: ${what}`, {
    rule: `onnx-${rule}`,
    ...(subject === '' ? {} : { subject: subject.slice(0, 200).toWellFormed() }),
  });
}
