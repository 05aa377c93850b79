import { decompress } from 'fzstd';
import { MlbomError } from '../../core/errors.ts';

/** Windows that are made room for: what zstd itself takes without being asked (`ZSTD_WINDOWLOG_LIMIT_DEFAULT`). */
const largestWindow = 2 ** 27;
/** A frame that does not say its size costs its window for each block: 2,000 blocks of 8 MiB windows are 256 MiB. */
const mostWork = 2 ** 35;
const mostFrames = 65_536;
const blockBytes = 128 * 1024;

interface Frame {
  readonly start: number;
  readonly end: number;
  /** Unpacked bytes, where the frame says so. */
  readonly size: number | undefined;
  /** What it can unpack to at most, by its blocks. */
  readonly most: number;
  readonly skippable: boolean;
}

/**
 * The unpacked bytes of all frames (RFC 8878), as long as they are no more than `limit`; `more` says that there are
 * others. Frames are measured by their headers before any is unpacked.
 * @throws MlbomError `E_MALFORMED` (`zstd-broken`), `E_LIMIT` (`zstd-window`, `zstd-frames`)
 */
export function unzstd(bytes: Uint8Array, limit: number): { bytes: Uint8Array; more: boolean } {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const frame of framesOf(bytes)) {
    if (frame.skippable) continue;
    if (length + (frame.size ?? 0) > limit || (frame.size ?? 0) > frame.most) {
      return { bytes: Buffer.concat(parts), more: true };
    }
    const unpacked = unpack(bytes.subarray(frame.start, frame.end), frame.size);
    parts.push(unpacked);
    length += unpacked.length;
    if (length > limit) return { bytes: Buffer.concat(parts).subarray(0, limit), more: true };
  }
  return { bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), more: false };
}

function unpack(frame: Uint8Array, size: number | undefined): Uint8Array {
  try {
    return size === undefined ? decompress(frame) : decompress(frame, new Uint8Array(size));
  } catch (error) {
    throw new MlbomError('E_MALFORMED', `zstd: ${error instanceof Error ? error.message : String(error)}`, {
      rule: 'zstd-broken',
      cause: error,
    });
  }
}

function* framesOf(bytes: Uint8Array): Generator<Frame> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    if (++count > mostFrames) throw failure('E_LIMIT', 'frames', `more than ${mostFrames} frames`);
    if (at + 9 > bytes.length) throw cut();
    const magic = view.getUint32(at, true);
    const skippable = magic >>> 4 === 0x184d2a5;
    if (!skippable && magic !== 0xfd2fb528) throw failure('E_MALFORMED', 'broken', `no frame at ${at}`);
    const frame = skippable
      ? { start: at, end: at + 8 + view.getUint32(at + 4, true), size: 0, most: 0, skippable }
      : dataFrame(view, at);
    if (frame.end > bytes.length) throw cut();
    yield frame;
    at = frame.end;
  }
}

function dataFrame(view: DataView, start: number): Frame {
  const flags = view.getUint8(start + 4);
  const single = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = flags >>> 6 === 0 ? (single ? 1 : 0) : 1 << (flags >>> 6);
  let at = start + 5;
  const exponent = single ? 0 : view.getUint8(at) >>> 3;
  const window = single ? 0 : 2 ** (10 + exponent) * (1 + (view.getUint8(at) & 7) / 8);
  at += (single ? 0 : 1) + dictionaryBytes;
  if (at + sizeBytes > view.byteLength) throw cut();
  const size = sizeBytes === 0 ? undefined : sizeAt(view, at, sizeBytes);
  if (window > largestWindow) throw failure('E_LIMIT', 'window', `a window of ${window} bytes`);
  at += sizeBytes;
  let most = 0;
  let blocks = 0;
  for (let last = false; !last; blocks++) {
    if (at + 3 > view.byteLength) throw cut();
    const block = view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
    last = (block & 1) === 1;
    const type = (block >>> 1) & 3;
    const length = block >>> 3;
    if (length > blockBytes) throw failure('E_MALFORMED', 'broken', `a block of ${length} bytes`);
    most += type === 2 ? blockBytes : length;
    at += 3 + (type === 1 ? 1 : length);
  }
  if (size === undefined && blocks * window > mostWork) {
    throw failure('E_LIMIT', 'window', `${blocks} blocks with a window of ${window} bytes`);
  }
  return { start, end: at + (flags & 4 ? 4 : 0), size, most, skippable: false };
}

function sizeAt(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  const low = view.getUint32(at, true);
  return bytes === 4 ? low : view.getUint32(at + 4, true) * 2 ** 32 + low;
}

function cut(): MlbomError {
  return failure('E_MALFORMED', 'broken', 'it ends before what it announces');
}

function failure(code: 'E_LIMIT' | 'E_MALFORMED', rule: string, message: string): MlbomError {
  return new MlbomError(code, `zstd: ${message}`, { rule: `zstd-${rule}` });
}
