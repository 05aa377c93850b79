import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { ByteWindow } from './byte-window.ts';

/** Flax nests modules a dozen deep. */
const depth = 64;
/** Values looked at: a million parameters with a map around each. */
const mostValues = 4_000_000;
/** A name of a parameter or of an element type. */
const nameBytes = 4096;

/** Something that stands in a map, by the names on the way to it. */
export interface MsgpackValue {
  readonly path: readonly string[];
  readonly value:
    | { readonly kind: 'scalar'; readonly text: string }
    /** An extension or binary value: where its bytes are. */
    | { readonly kind: 'bytes'; readonly type?: number; readonly offset: number; readonly length: number };
}

/**
 * The values of one MessagePack document (github.com/msgpack/msgpack, spec.md) in their order; payloads are passed over.
 * Elements of lists have their index as a name.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function* readMsgpack(source: ByteSource): AsyncGenerator<MsgpackValue, void, undefined> {
  const window = new ByteWindow(source, { format: 'msgpack' });
  window.littleEndian = false;
  const path: string[] = [];
  let values = 0;

  async function* read(level: number): AsyncGenerator<MsgpackValue, void, undefined> {
    if (level > depth) throw limit(`nested deeper than ${depth}`, window.position);
    if (++values > mostValues) throw limit(`more than ${mostValues} values`, window.position);
    const head = await byte();
    if (head <= 0x7f || head >= 0xe0) return yield scalar(String(head <= 0x7f ? head : head - 256));
    if (head <= 0x8f) return yield* map(head & 0x0f, level);
    if (head <= 0x9f) return yield* list(head & 0x0f, level);
    if (head <= 0xbf) return yield scalar(await text(head & 0x1f));
    switch (head) {
      case 0xc0:
        return yield scalar('null');
      case 0xc2:
        return yield scalar('false');
      case 0xc3:
        return yield scalar('true');
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return yield payload(await count(2 ** (head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9: {
        const length = await count(2 ** (head - 0xc7));
        return yield payload(length, await byte());
      }
      case 0xca:
        await window.fill(4);
        return yield scalar(String(window.f32()));
      case 0xcb:
        await window.fill(8);
        return yield scalar(String(window.f64()));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return yield scalar(String(await count(2 ** (head - 0xcc))));
      case 0xcf:
        await window.fill(8);
        return yield scalar(String(window.u64()));
      case 0xd0:
        await window.fill(1);
        return yield scalar(String(window.i8()));
      case 0xd1:
        await window.fill(2);
        return yield scalar(String(window.i16()));
      case 0xd2:
        await window.fill(4);
        return yield scalar(String(window.i32()));
      case 0xd3:
        await window.fill(8);
        return yield scalar(String(window.i64()));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return yield payload(2 ** (head - 0xd4), await byte());
      case 0xd9:
      case 0xda:
      case 0xdb:
        return yield scalar(await text(await count(2 ** (head - 0xd9))));
      case 0xdc:
      case 0xdd:
        return yield* list(await count(head === 0xdc ? 2 : 4), level);
      case 0xde:
      case 0xdf:
        return yield* map(await count(head === 0xde ? 2 : 4), level);
    }
    throw malformed('a byte that begins no value', window.position - 1);
  }

  async function* map(size: number, level: number): AsyncGenerator<MsgpackValue, void, undefined> {
    for (let index = 0; index < size; index++) {
      path.push(await name(level + 1));
      yield* read(level + 1);
      path.pop();
    }
  }

  async function* list(size: number, level: number): AsyncGenerator<MsgpackValue, void, undefined> {
    for (let index = 0; index < size; index++) {
      path.push(String(index));
      yield* read(level + 1);
      path.pop();
    }
  }

  /** A key is a text or a number; what else MessagePack would allow nobody writes. */
  async function name(level: number): Promise<string> {
    for await (const { value } of read(level)) {
      if (value.kind === 'scalar') return value.text;
      break;
    }
    throw malformed('a key that is neither text nor number', window.position);
  }

  async function byte(): Promise<number> {
    await window.fill(1);
    return window.u8();
  }

  async function count(bytes: number): Promise<number> {
    await window.fill(bytes);
    return bytes === 1 ? window.u8() : bytes === 2 ? window.u16() : window.u32();
  }

  async function text(length: number): Promise<string> {
    if (length > nameBytes) {
      window.skip(length);
      return '…';
    }
    return Buffer.from(await window.take(length)).toString('utf8');
  }

  function scalar(value: string): MsgpackValue {
    return { path: [...path], value: { kind: 'scalar', text: value } };
  }

  function payload(length: number, type?: number): MsgpackValue {
    const offset = window.position;
    window.skip(length);
    return {
      path: [...path],
      value: { kind: 'bytes', offset, length, ...(type === undefined ? {} : { type }) },
    };
  }

  yield* read(0);
}

function malformed(message: string, offset: number): MlbomError {
  return new MlbomError('E_MALFORMED', `msgpack: ${message} (at ${offset})`, { rule: 'msgpack', offset });
}

function limit(message: string, offset: number): MlbomError {
  return new MlbomError('E_LIMIT', `msgpack: ${message} (at ${offset})`, { rule: 'msgpack-limit', offset });
}
