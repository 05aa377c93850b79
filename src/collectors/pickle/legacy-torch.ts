/** PyTorch before 1.6: a magic number, a version, the system, the object and the keys of its storages, in five pickles. */
export function isLegacyTorch(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 14)).toString('hex') === '80028a0a6cfc9c46f9206aa85019';
}

export const legacyTorchStreams = 5;
