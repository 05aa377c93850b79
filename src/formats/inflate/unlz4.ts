import { MlbomError } from '../../core/errors.ts';
import { growingBytes, type GrowingBytes } from './growing-bytes.ts';

const frameMagic = 0x184d2204;

/**
 * The unpacked bytes of LZ4 frames (lz4_Frame_format.md 1.6), at most `limit`; `more` says that there are others.
 * Checksums are not checked.
 * @throws MlbomError `E_MALFORMED` (`lz4-broken`), `E_UNSUPPORTED` (`lz4-dictionary`)
 */
export function unlz4(bytes: Uint8Array, limit: number): { bytes: Uint8Array; more: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = growingBytes(limit);
  for (let at = 0; at < bytes.length && !output.full;) {
    const magic = u32(view, at);
    if (magic >>> 4 === 0x184d2a5) at += 8 + u32(view, at + 4);
    else if (magic === frameMagic) at = readFrame(bytes, view, at + 4, output);
    else throw broken(at);
    if (at > bytes.length) throw broken(at);
  }
  return { bytes: output.bytes(), more: output.full };
}

/** Returns where the frame ends. */
function readFrame(bytes: Uint8Array, view: DataView, start: number, output: GrowingBytes): number {
  const flags = u8(view, start);
  if (flags >>> 6 !== 1) throw broken(start);
  if (flags & 1)
    throw new MlbomError('E_UNSUPPORTED', 'lz4: it needs a dictionary', { rule: 'lz4-dictionary' });
  const frameStart = output.length;
  const independent = (flags & 0x20) !== 0;
  const checksumBytes = flags & 0x10 ? 4 : 0;
  let at = start + 3 + (flags & 8 ? 8 : 0);
  for (;;) {
    const header = u32(view, at);
    at += 4;
    if (header === 0) return at + (flags & 4 ? 4 : 0);
    const length = header & 0x7fffffff;
    if (at + length > bytes.length) throw broken(at);
    const block = bytes.subarray(at, at + length);
    if (header >>> 31) output.add(block);
    else unpackBlock(block, output, independent ? output.length : frameStart, at);
    if (output.full) return bytes.length;
    at += length + checksumBytes;
  }
}

/** Literals and matches in turn; a match reaches back no further than `oldest`. */
function unpackBlock(block: Uint8Array, output: GrowingBytes, oldest: number, offset: number): void {
  let at = 0;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) throw broken(offset + at);
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (at < block.length && !output.full) {
    const token = block[at++] ?? 0;
    const literals = lengthOf(token >>> 4);
    if (at + literals > block.length) throw broken(offset + at);
    output.add(block.subarray(at, at + literals));
    at += literals;
    // The last sequence has no match.
    if (at === block.length) return;
    const back = (block[at] ?? 0) + 256 * (block[at + 1] ?? 0);
    at += 2;
    const length = lengthOf(token & 15) + 4;
    if (at > block.length || back === 0 || back > output.length - oldest) throw broken(offset + at);
    output.repeat(back, length);
  }
}

function u8(view: DataView, at: number): number {
  if (at + 1 > view.byteLength) throw broken(at);
  return view.getUint8(at);
}

function u32(view: DataView, at: number): number {
  if (at + 4 > view.byteLength) throw broken(at);
  return view.getUint32(at, true);
}

function broken(offset: number): MlbomError {
  return new MlbomError('E_MALFORMED', 'lz4: it is broken or ends before what it announces', {
    rule: 'lz4-broken',
    offset,
  });
}
