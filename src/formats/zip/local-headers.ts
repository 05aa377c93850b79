import type { ByteRange } from '../../core/entry.ts';
import type { ByteWindow } from '../byte-window.ts';
import type { DirectoryEntry } from './central-directory.ts';
import { extraFields, zip64Values } from './extra-fields.ts';
import { zipName } from './member-name.ts';

/** What a local header says (APPNOTE 4.3.7). */
export interface LocalHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
  /** Where the member's bytes begin. */
  readonly dataStart: number;
}

const localHeaderBytes = 30;
const signature = 0x04034b50;
/** Bit 3: sizes and CRC follow the data. */
const descriptorFlag = 8;
/** Bits 0, 6 and 13: encrypted, strongly, with a masked header. */
const encryptedFlags = 0x2041;

/** The local header at `at`, or nothing where there is none that fits before `end`. */
export async function readLocalHeader(
  window: ByteWindow,
  at: number,
  end: number,
): Promise<LocalHeader | undefined> {
  if (at < 0 || at + localHeaderBytes > end) return undefined;
  window.seek(at);
  await window.fill(localHeaderBytes);
  if (window.u32() !== signature) return undefined;
  window.u16();
  const flags = window.u16();
  const method = window.u16();
  window.u32();
  const crc32 = window.u32();
  const [compressed, unpacked] = [window.u32(), window.u32()];
  const [nameBytes, extraBytes] = [window.u16(), window.u16()];
  const dataStart = window.position + nameBytes + extraBytes;
  if (dataStart > end) return undefined;
  const name = zipName(await window.take(nameBytes), flags);
  const long = compressed === 0xffffffff || unpacked === 0xffffffff;
  const zip64 = long ? extraFields(await window.take(extraBytes)).zip64 : undefined;
  const [size, compressedSize] = zip64Values(zip64, [unpacked, compressed]);
  return { name, flags, method, crc32, size, compressedSize, dataStart };
}

/** How a local header contradicts the central one; a writer that streams leaves sizes and CRC to the descriptor. */
export function contradictionsOf(central: DirectoryEntry, local: LocalHeader): string[] {
  const streamed = (local.flags & descriptorFlag) !== 0;
  const pairs: [what: string, central: number, local: number][] = [
    ['method', central.method, local.method],
    ['size', central.size, local.size],
    ['compressed size', central.compressedSize, local.compressedSize],
    ['CRC', central.crc32, local.crc32],
    ['encryption flags', central.flags & encryptedFlags, local.flags & encryptedFlags],
  ];
  return pairs
    .filter(([what, listed, here]) => {
      const absent = here === 0 || here === 0xffffffff;
      return listed !== here && !(streamed && absent && what !== 'method' && what !== 'encryption flags');
    })
    .map(([what, listed, here]) => `${what} ${here}, listed as ${listed}`);
}

export function isEncrypted(flags: number): boolean {
  return (flags & encryptedFlags) !== 0;
}

export function hasDescriptor(flags: number): boolean {
  return (flags & descriptorFlag) !== 0;
}

/**
 * Bytes that the data descriptor after a member takes, or nothing where what follows is none or says something else.
 * Its signature is optional, and its sizes have 4 or 8 bytes (APPNOTE 4.3.9).
 */
export async function descriptorBytes(
  window: ByteWindow,
  { offset, length }: ByteRange,
  entry: Pick<DirectoryEntry, 'crc32' | 'size' | 'compressedSize'>,
): Promise<number | undefined> {
  const longest = Math.min(length, 24);
  window.seek(offset);
  const bytes = await window.take(longest);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [24, 20, 16, 12].find((total) => total <= longest && describes(view, total, entry));
}

function describes(
  view: DataView,
  total: number,
  { crc32, size, compressedSize }: Pick<DirectoryEntry, 'crc32' | 'size' | 'compressedSize'>,
): boolean {
  const signed = total === 16 || total === 24;
  if (signed && view.getUint32(0, true) !== 0x08074b50) return false;
  const at = signed ? 4 : 0;
  if (view.getUint32(at, true) !== crc32) return false;
  const wide = total >= 20;
  const first = wide ? Number(view.getBigUint64(at + 4, true)) : view.getUint32(at + 4, true);
  const second = wide ? Number(view.getBigUint64(at + 12, true)) : view.getUint32(at + 8, true);
  return first === compressedSize && second === size;
}
