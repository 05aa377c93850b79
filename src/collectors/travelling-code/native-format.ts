/** Mach-O in both byte orders and both widths. */
const machO = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);

/**
 * The format of a program or a native library, by its first bytes: ELF, Mach-O (also for several processors), PE.
 * Undefined for anything else, also for Java classes, which share a magic with Mach-O, and for DOS programs.
 */
export function nativeFormat(head: Uint8Array): 'ELF' | 'Mach-O' | 'PE' | undefined {
  if (head.length < 64) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0);
  // The class and the byte order are 1 or 2.
  if (magic === 0x7f454c46) return within(head[4]) && within(head[5]) ? 'ELF' : undefined;
  if (machO.has(magic)) return 'Mach-O';
  // Where a class file has its version (45 and more), this has the number of processors.
  if (magic === 0xcafebabe) return view.getUint32(4) > 0 && view.getUint32(4) < 20 ? 'Mach-O' : undefined;
  if (magic >>> 16 !== 0x4d5a) return undefined;
  const header = view.getUint32(0x3c, true);
  return header + 4 <= head.length && view.getUint32(header) === 0x50450000 ? 'PE' : undefined;
}

function within(byte: number | undefined): boolean {
  return byte === 1 || byte === 2;
}
