import { recognise, packedFormats } from '../../formats/recognise.ts';
import { inflateSync, constants } from 'node:zlib';
import { isPackaged } from '../is-packaged.ts';

/** How a file is packed as a whole, and where the packed bytes begin. */
export interface Packing {
  readonly format: string;
  readonly start: number;
}

/** Names of what joblib and pickle write, packed or not. */
const pickledNames = /\.(?:pkl|pickle|joblib|dill|sav|z|zlib)$/i;
const lzmaNames = /\.(?:lzma|pkl|pickle|joblib|dill|sav)$/i;
/** joblib before 0.10: `ZF`, the unpacked length as 19 characters of hexadecimal, then zlib. */
const oldJoblib = /^ZF0x[0-9a-f]{1,17} *$/;
const oldJoblibBytes = 21;
const lzmaHeaderBytes = 13;

/** The packing of a file by its beginning; of the formats with a weak signature only where more speaks for it. */
export function packingOf(path: string, head: Uint8Array, size: number): Packing | undefined {
  const [first = 0, second = 0] = head;
  if (first === 0x78) return isZlib(path, head, 0) ? { format: 'zlib', start: 0 } : undefined;
  if (first === 0x5a && second === 0x46)
    return isOldJoblib(head) ? { format: 'zlib', start: oldJoblibBytes } : undefined;
  if (first === 0x5d && second === 0) return isLzma(path, head) ? { format: 'lzma', start: 0 } : undefined;
  const format = mayBePacked.has(first) ? recognise(head, size) : undefined;
  return format !== undefined && packedFormats.has(format) ? { format, start: 0 } : undefined;
}

const mayBePacked = new Set([0x1f, 0x28, 0xfd, 0x37, 0x52, 0x04, 0x42]);

function isOldJoblib(head: Uint8Array): boolean {
  return (
    oldJoblib.test(Buffer.from(head.subarray(0, oldJoblibBytes)).toString('latin1')) &&
    isZlib('.z', head, oldJoblibBytes)
  );
}

/**
 * Two bytes that many files begin with by chance, so that what follows has to unpack. joblib and pickle write, and
 * load, any name; packages and tools keep packed things of their own, where the name, or what comes out, has to fit.
 */
function isZlib(path: string, head: Uint8Array, start: number): boolean {
  const [method = 0, flags = 0] = head.subarray(start, start + 2);
  if (method !== 0x78 || (method * 256 + flags) % 31 !== 0 || (flags & 0x20) !== 0) return false;
  try {
    // A kilobyte unpacks to one megabyte at most.
    const bytes = inflateSync(head.subarray(start, start + 1024), { finishFlush: constants.Z_SYNC_FLUSH });
    if (pickledNames.test(path) || recognise(bytes, Number.MAX_SAFE_INTEGER) !== undefined) return true;
    return bytes.length > 0 && !isPackaged(path);
  } catch {
    return false;
  }
}

/**
 * LZMA alone has no signature: its usual properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, and an unpacked
 * length that is not known or below 256 GiB, as liblzma asks for where it has to guess. .xz has a signature.
 */
function isLzma(path: string, head: Uint8Array): boolean {
  if (head[2] === 0 && lzmaNames.test(path)) return true;
  if (head.length < lzmaHeaderBytes || isPackaged(path)) return false;
  const view = new DataView(head.buffer, head.byteOffset, lzmaHeaderBytes);
  const dictionary = view.getUint32(1, true);
  const length = view.getBigUint64(5, true);
  const rounded = 2 ** Math.floor(Math.log2(dictionary));
  return (
    dictionary >= 4096 &&
    (dictionary === rounded || dictionary === 1.5 * rounded) &&
    (length === 2n ** 64n - 1n || (length > 0n && length < 2n ** 38n))
  );
}
