import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { decodeUtf8 } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { ByteWindow } from './byte-window.ts';

export type WireType = 'varint' | 'fixed64' | 'bytes' | 'fixed32';

/** One field of a message: a varint by its value, everything else by where its bytes are. */
export interface ProtobufField {
  readonly number: number;
  readonly wire: WireType;
  /** The varint as 64 unsigned bits; 0 for the other types. */
  readonly varint: bigint;
  /** The payload, without tag and length. */
  readonly range: ByteRange;
}

/** Called for each field in the order of the file; a promise is waited for. */
export type FieldVisitor = (field: ProtobufField) => Promise<void> | undefined;

const wireTypes: readonly (WireType | undefined)[] = [
  'varint',
  'fixed64',
  'bytes',
  undefined,
  undefined,
  'fixed32',
];
/** 64 bits, seven in each byte. */
const longestVarint = 10;
const chunkBytes = 1024 * 1024;
const smallestFieldNumber = 1;
const largestTag = 2n ** 32n;

/**
 * Walks protobuf messages (protobuf.dev, "Encoding") without loading them: payloads are ranges, and what nobody
 * asks for is never read. Groups, which proto3 does not have, are refused.
 */
export class ProtobufReader {
  readonly #window: ByteWindow;
  #depth = 0;
  #fields = 0;

  /** @throws MlbomError `E_LIMIT` for more than 2 GiB, which no protobuf implementation writes */
  constructor(source: ByteSource) {
    if (source.size > limits.protobufBytes) throw error('E_LIMIT', 'size', `${source.size} bytes`);
    this.#window = new ByteWindow(source, { format: 'protobuf' });
  }

  /**
   * Visits the fields of the message in `range`; the visitor descends by calling this again.
   * @throws MlbomError `E_MALFORMED` for what is not the wire format, `E_LIMIT` for depth and number of fields
   */
  async message(range: ByteRange, visit: FieldVisitor): Promise<void> {
    const window = this.#window;
    const end = range.offset + range.length;
    this.#depth++;
    if (this.#depth > limits.protobufDepth)
      throw error('E_LIMIT', 'depth', 'nested too deeply', range.offset);
    window.seek(range.offset);
    while (window.position < end) {
      // A field's head is at most this long; near the end of the file less is there.
      const head = Math.min(2 * longestVarint, window.remaining);
      if (!window.has(head)) await window.fill(head);
      const field = this.#field(end);
      const visited = visit(field);
      if (visited !== undefined) await visited;
      window.seek(field.range.offset + field.range.length);
    }
    this.#depth--;
  }

  /** A string field. @throws MlbomError `E_LIMIT` beyond `limit` bytes, `E_MALFORMED` unless UTF-8 */
  async text(range: ByteRange, limit: number): Promise<string> {
    if (range.length > limit)
      throw error('E_LIMIT', 'string', `a string of ${range.length} bytes`, range.offset);
    this.#window.seek(range.offset);
    return decodeUtf8(await this.#window.take(range.length), 'protobuf');
  }

  /** Calls `each` for every varint of a packed repeated field. */
  async packed(range: ByteRange, each: (value: bigint) => void): Promise<void> {
    const window = this.#window;
    const end = range.offset + range.length;
    window.seek(range.offset);
    while (window.position < end) {
      const head = Math.min(longestVarint, window.remaining);
      if (!window.has(head)) await window.fill(head);
      each(this.#varint(end));
    }
  }

  /** How many varints a packed repeated field has; counted without decoding them, as there can be a billion. */
  async countPacked(range: ByteRange): Promise<number> {
    const window = this.#window;
    let left = range.length;
    let count = 0;
    let last = 0;
    window.seek(range.offset);
    while (left > 0) {
      const bytes = await window.take(Math.min(left, chunkBytes));
      for (const byte of bytes) if (byte < 0x80) count++;
      last = bytes.at(-1) ?? 0;
      left -= bytes.length;
    }
    if (last >= 0x80) throw error('E_MALFORMED', 'varint', 'the last number does not end', range.offset);
    return count;
  }

  #field(end: number): ProtobufField {
    const start = this.#window.position;
    this.#fields++;
    if (this.#fields > limits.protobufFields) throw error('E_LIMIT', 'fields', 'too many fields', start);
    const tag = this.#varint(end);
    if (tag >= largestTag) throw error('E_MALFORMED', 'tag', 'a tag of more than 32 bits', start);
    const number = Number(tag >> 3n);
    const wire = wireTypes[Number(tag & 7n)];
    if (number < smallestFieldNumber || wire === undefined) {
      throw error('E_MALFORMED', 'tag', 'a group, or a tag that no field has', start);
    }
    if (wire === 'varint') {
      const offset = this.#window.position;
      const varint = this.#varint(end);
      return { number, wire, varint, range: { offset, length: this.#window.position - offset } };
    }
    const length = wire === 'bytes' ? Number(this.#varint(end)) : wire === 'fixed64' ? 8 : 4;
    const offset = this.#window.position;
    if (length > end - offset)
      throw error('E_MALFORMED', 'length', 'a field is longer than its message', start);
    return { number, wire, varint: 0n, range: { offset, length } };
  }

  #varint(end: number): bigint {
    const window = this.#window;
    const start = window.position;
    const length = Math.min(longestVarint, end - start);
    // Seven bytes are 49 bits, which a number holds exactly; few varints are longer.
    let low = 0;
    for (let i = 0; i < length && i < 7; i++) {
      const byte = window.u8();
      low += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let i = 7; i < length; i++) {
      const byte = window.u8();
      value += BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte >= 0x80) continue;
      if (value < 2n ** 64n) return value;
      break;
    }
    throw error('E_MALFORMED', 'varint', 'a number does not end or has more than 64 bits', start);
  }
}

function error(code: 'E_MALFORMED' | 'E_LIMIT', rule: string, message: string, offset?: number): MlbomError {
  return new MlbomError(code, `protobuf: ${message}${offset === undefined ? '' : ` (at ${offset})`}`, {
    rule: `protobuf-${rule}`,
    ...(offset === undefined ? {} : { offset }),
  });
}
