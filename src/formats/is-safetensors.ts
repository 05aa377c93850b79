import type { ByteSource } from '../core/entry.ts';
import { limits } from '../core/limits.ts';

const spaces = [0x20, 0x09, 0x0a, 0x0d];

/**
 * True for what begins like safetensors, whatever its name: a length that a loader accepts and the file has room for,
 * then the beginning of a JSON object.
 */
export function isSafetensors(head: Uint8Array, { size }: Pick<ByteSource, 'size'>): boolean {
  if (head[8] !== 0x7b || head.length < 10) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || length < 2 || length > limits.safetensorsHeaderBytes) return false;
  if (length + 8 > size) return false;
  // A name in quotes or the end of an object without names: text that happens to have a brace there has neither.
  const next = head.subarray(9).find((byte) => !spaces.includes(byte));
  return next === 0x22 || next === 0x7d;
}
