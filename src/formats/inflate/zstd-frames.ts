import { MlbomError } from '../../core/errors.ts';

/** Windows that are made room for: what zstd itself takes without being asked (`ZSTD_WINDOWLOG_LIMIT_DEFAULT`). */
const largestWindow = 2 ** 27;
const blockBytes = 128 * 1024;

/** A part of a frame. */
export interface ZstdPiece {
  readonly bytes: Uint8Array;
  /** It is the first of its frame. */
  readonly begins: boolean;
  /** It is the last. */
  readonly ends: boolean;
  /** Bytes of the frame's window. */
  readonly window: number;
}

/** Cuts zstd (RFC 8878) into frames while it comes, and leaves skippable ones out. */
export interface ZstdFrames {
  /** @throws MlbomError `E_MALFORMED` (`zstd-broken`), `E_LIMIT` (`zstd-window`) */
  write(chunk: Uint8Array): Generator<ZstdPiece>;
  /** @throws MlbomError `E_MALFORMED` (`zstd-broken`) */
  finish(): void;
}

type State =
  | { readonly kind: 'frame' }
  | { readonly kind: 'block' }
  | { readonly kind: 'payload'; left: number; readonly last: boolean }
  | { readonly kind: 'checksum'; left: number }
  | { readonly kind: 'skipped'; left: number };

interface FrameHeader {
  readonly length: number;
  readonly window: number;
  readonly checksum: boolean;
}

/** Every piece is a run of whole blocks, or a part of one; each frame begins with a piece of its own. */
export function zstdFrames(): ZstdFrames {
  let state: State = { kind: 'frame' };
  let header: FrameHeader = { length: 0, window: 0, checksum: false };
  /** The beginning of a header whose rest has not come. */
  let held = new Uint8Array();
  let begins = false;

  return {
    *write(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = new Uint8Array();
      /** Where the piece begins that was not given yet. */
      let from = 0;
      for (let at = 0; at < bytes.length;) {
        const room = bytes.length - at;
        if (state.kind === 'frame') {
          const next = frameAt(bytes, at);
          if (next === undefined) {
            held = new Uint8Array(bytes.subarray(at));
            return;
          }
          from = at;
          if ('skip' in next) {
            at += 8;
            state = next.skip === 0 ? { kind: 'frame' } : { kind: 'skipped', left: next.skip };
            continue;
          }
          header = next;
          begins = true;
          at += header.length;
          state = { kind: 'block' };
        } else if (state.kind === 'block') {
          if (room < 3) {
            if (at > from) yield piece(bytes.subarray(from, at), false);
            held = new Uint8Array(bytes.subarray(at));
            return;
          }
          state = payloadAt(bytes, at);
          at += 3;
        } else {
          const taken = Math.min(room, state.left);
          at += taken;
          state.left -= taken;
        }
        if (!('left' in state) || state.left > 0) continue;
        if (state.kind === 'payload' && !state.last) {
          state = { kind: 'block' };
          yield piece(bytes.subarray(from, at), false);
        } else if (state.kind === 'payload' && header.checksum) {
          state = { kind: 'checksum', left: 4 };
          continue;
        } else {
          const skipped = state.kind === 'skipped';
          state = { kind: 'frame' };
          if (!skipped) yield piece(bytes.subarray(from, at), true);
        }
        from = at;
      }
      if (from < bytes.length && state.kind !== 'skipped' && state.kind !== 'frame') {
        yield piece(bytes.subarray(from), false);
      }
    },
    finish() {
      if (state.kind !== 'frame' || held.length > 0) throw broken('it ends before what it announces');
    },
  };

  function piece(bytes: Uint8Array, ends: boolean): ZstdPiece {
    const first = begins;
    begins = false;
    return { bytes, begins: first, ends, window: header.window };
  }
}

/** Undefined when not all of the header is there. */
function frameAt(bytes: Uint8Array, at: number): FrameHeader | { readonly skip: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  if (view.byteLength < 5) return undefined;
  const magic = view.getUint32(0, true);
  if (magic >>> 4 === 0x184d2a5) {
    return view.byteLength < 8 ? undefined : { skip: view.getUint32(4, true) };
  }
  if (magic !== 0xfd2fb528) throw broken('bytes that are no frame');
  const flags = view.getUint8(4);
  const single = (flags & 0x20) !== 0;
  const sizeBytes = flags >>> 6 === 0 ? (single ? 1 : 0) : 1 << (flags >>> 6);
  const sizeAt = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0);
  const length = sizeAt + sizeBytes;
  if (view.byteLength < length) return undefined;
  const descriptor = view.getUint8(5);
  const window = single
    ? contentSize(view, sizeAt, sizeBytes)
    : 2 ** (10 + (descriptor >>> 3)) * (1 + (descriptor & 7) / 8);
  if (window > largestWindow) {
    throw new MlbomError('E_LIMIT', `zstd: a window of ${window} bytes`, { rule: 'zstd-window' });
  }
  return { length, window, checksum: (flags & 4) !== 0 };
}

function contentSize(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  const low = view.getUint32(at, true);
  return bytes === 4 ? low : view.getUint32(at + 4, true) * 2 ** 32 + low;
}

function payloadAt(bytes: Uint8Array, at: number): State & { kind: 'payload' } {
  const block = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  const type = (block >>> 1) & 3;
  const length = block >>> 3;
  if (length > blockBytes || type === 3) throw broken(`a block of ${length} bytes`);
  // A block of one repeated byte has that byte alone.
  return { kind: 'payload', left: type === 1 ? 1 : length, last: (block & 1) === 1 };
}

function broken(message: string): MlbomError {
  return new MlbomError('E_MALFORMED', `zstd: ${message}`, { rule: 'zstd-broken' });
}
