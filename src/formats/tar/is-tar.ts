import { hasChecksum } from './tar-header.ts';

/** True for bytes that begin with a header of a tar, of any age: its checksum is right. */
export function isTar(head: Uint8Array): boolean {
  return head.length >= 512 && head[0] !== 0 && hasChecksum(head.subarray(0, 512));
}
