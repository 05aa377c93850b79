import { MlbomError, type ErrorCode } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';

/** The tags of one package. Values of another type than asked for are absent. */
export interface RpmHeader {
  /** A string, or the first of several. */
  text(tag: number): string | undefined;
  texts(tag: number): readonly string[];
  /** Integers of 1, 2, 4 or 8 bytes, unsigned. */
  numbers(tag: number): readonly number[];
}

interface Tag {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const entryBytes = 16;
/** Bytes of one value of the types char, int8, int16, int32, int64, string, bin, string array and i18n string. */
const valueBytes = [0, 1, 1, 2, 4, 8, 1, 1, 1, 1];
const strings = new Set([6, 8, 9]);

/**
 * Reads a header as rpm keeps it in its database (rpm's docs/manual/format_header.md): the numbers of entries and of
 * bytes, an entry of 16 bytes for each tag, and the values. All numbers are big-endian.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`; the getters throw `E_MALFORMED` for strings that do not end
 */
export function readRpmHeader(bytes: Uint8Array): RpmHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw rpmError('E_MALFORMED', 'truncated', 'a header of less than eight bytes');
  const entries = view.getUint32(0);
  const length = view.getUint32(4);
  if (entries > limits.rpmHeaderTags) throw rpmError('E_LIMIT', 'tags', `a header of ${entries} tags`);
  const start = 8 + entries * entryBytes;
  if (start + length !== bytes.length)
    throw rpmError(
      'E_MALFORMED',
      'truncated',
      `a header of ${bytes.length} bytes that says ${start + length}`,
    );
  const values = bytes.subarray(start);
  const tags = new Map<number, Tag>();
  for (let at = 8; at < start; at += entryBytes) {
    const tag = {
      type: view.getUint32(at + 4),
      offset: view.getUint32(at + 8),
      count: view.getUint32(at + 12),
    };
    assertInside(tag, length);
    if (!tags.has(view.getUint32(at))) tags.set(view.getUint32(at), tag);
  }
  return headerOf(tags, values);
}

function assertInside({ type, offset, count }: Tag, length: number): void {
  const size = valueBytes[type];
  if (size === undefined) throw rpmError('E_MALFORMED', 'type', `a tag of type ${type}`);
  if (offset + count * size > length)
    throw rpmError('E_MALFORMED', 'past-the-end', 'a tag beyond the values');
}

function headerOf(tags: ReadonlyMap<number, Tag>, values: Uint8Array): RpmHeader {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);

  function textsAt(tag: number, most: number): string[] {
    const found = tags.get(tag);
    if (!found || !strings.has(found.type)) return [];
    const result: string[] = [];
    for (let at = found.offset; result.length < Math.min(found.count, most);) {
      const end = values.indexOf(0, at);
      if (end < 0) throw rpmError('E_MALFORMED', 'string', 'a string without an end');
      // Packages older than UTF-8 hold other encodings.
      result.push(decoder.decode(values.subarray(at, end)));
      at = end + 1;
    }
    return result;
  }

  return {
    text: (tag) => textsAt(tag, 1)[0],
    texts: (tag) => textsAt(tag, Infinity),
    numbers(tag) {
      const found = tags.get(tag);
      const size = found && found.type >= 1 && found.type <= 5 ? (valueBytes[found.type] ?? 0) : 0;
      if (!found || size === 0) return [];
      return Array.from({ length: found.count }, (_, index) =>
        numberAt(view, found.offset + index * size, size),
      );
    },
  };
}

const decoder = new TextDecoder();

function numberAt(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at);
  return size === 4 ? view.getUint32(at) : view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}

function rpmError(code: ErrorCode, rule: string, message: string): MlbomError {
  return new MlbomError(code, `rpm: ${message}`, { rule: `rpm-${rule}` });
}
