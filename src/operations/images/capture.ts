import { limits } from '../../core/limits.ts';
import type { KeptContent, KeptPart } from './kept-content.ts';
import type { Spool } from './spool.ts';

/** Keeps what readers need of a file while it passes by. */
export interface Capture {
  add(bytes: Uint8Array): void;
  /** After the last byte. */
  content(): KeptContent;
  /** Nobody reads it now: what is in memory goes to the spool, and a copy may make room for others. */
  rest(): KeptContent;
}

/**
 * Small files stay in memory. Of large ones the first `wanted` bytes are copied when they are more than memory may have,
 * and the end is kept beside them.
 */
export function createCapture(size: number, wanted: number, spool: Spool): Capture {
  const copied = Math.min(size, wanted);
  const copy = copied > limits.spoolMemoryBytes ? spool.copy(copied) : undefined;
  const start = copy ? 0 : Math.min(copied, limits.spoolMemoryBytes);
  const parts: Uint8Array[] = [];
  let length = 0;
  let copying = copy !== undefined;
  let tail: Uint8Array[] = [];
  let tailBytes = 0;
  const needsTail = (copy ? copied : start) < size;

  return {
    add(bytes) {
      if (copy && copying && length < copied) {
        const taken = Math.min(bytes.length, copied - length);
        copying = copy.append(taken === bytes.length ? bytes : bytes.subarray(0, taken));
      }
      if (length < start) parts.push(bytes.subarray(0, Math.min(bytes.length, start - length)));
      length += bytes.length;
      if (needsTail) addToTail(bytes);
    },
    content: () => contentOf(memoryPart(parts, 0)),
    rest() {
      copy?.release();
      const memory = memoryPart(parts, 0);
      // What has no room is gone; whoever asks for it is told.
      const bytes = memory?.read(0, memory.length);
      const place = bytes && spool.keep(bytes);
      const content = contentOf(bytes && place !== undefined ? spool.kept(place, bytes.length) : undefined);
      parts.length = 0;
      tail = [];
      return content;
    },
  };

  function addToTail(bytes: Uint8Array): void {
    tail.push(bytes);
    tailBytes += bytes.length;
    for (let first = tail[0]; first && tailBytes - first.length >= limits.spoolTailBytes; first = tail[0]) {
      tail.shift();
      tailBytes -= first.length;
    }
  }

  function contentOf(memory: KeptPart | undefined): KeptContent {
    const end = tail.length > 0 ? memoryPart([...tail], length - tailBytes) : undefined;
    return { size, parts: [copy?.part(), memory, end].filter((part) => part !== undefined) };
  }
}

/** Pieces that follow one another, as they came. */
function memoryPart(pieces: readonly Uint8Array[], start: number): KeptPart | undefined {
  if (pieces.length === 0) return undefined;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { start, length, read: (offset, count) => cut(pieces, offset, count) };
}

function cut(pieces: readonly Uint8Array[], offset: number, length: number): Uint8Array {
  const found: Uint8Array[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, offset - at);
    const to = Math.min(piece.length, offset + length - at);
    if (from < to) found.push(piece.subarray(from, to));
    at += piece.length;
    if (at >= offset + length) break;
  }
  const [only] = found;
  return found.length === 1 && only ? only : Buffer.concat(found);
}
