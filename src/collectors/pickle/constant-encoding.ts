import { unescapeString } from '../../formats/pickle/escapes.ts';
import { isPickle } from '../../formats/pickle/is-pickle.ts';
import { isZip } from '../../formats/zip/is-zip.ts';

/** What the bytes of a constant are: a pickle or a zip, or one of them packed for transport. */
export type ConstantEncoding = 'pickle' | 'zip' | 'zlib' | 'gzip' | 'base64' | 'hex' | 'escaped' | 'latin1';

/** Encodings within encodings that are followed. */
const deepest = 3;
/** Shorter ones call nothing. */
const shortest = 12;
/** Characters that have to be of an alphabet before a text is taken for one of its. */
const longestSample = 64;

/** True for the beginning of a constant that may be a pickle, under whatever it is wrapped in. */
export function mayHoldPickle(head: Uint8Array, length: number): boolean {
  return length >= shortest && encodingOf(head) !== undefined;
}

/** How a constant with these first bytes is encoded, where there may be a pickle in it. */
export function encodingOf(head: Uint8Array, depth = 0): ConstantEncoding | undefined {
  const first = head[0];
  if (first === undefined || depth > deepest) return undefined;
  if (first === 0x80 && isPickle(head)) return 'pickle';
  if (first === 0x50 && isZip(head)) return 'zip';
  if (first === 0x1f && head[1] === 0x8b) return 'gzip';
  if (first === 0x78 && isZlib(head)) return 'zlib';
  if (first === 0xc2 && head[1] === 0x80) return 'latin1';
  if (head.length < shortest) return undefined;
  if (importsAtOnce.test(latin1(head))) return 'pickle';
  if (!plain.test(latin1(head.subarray(0, shortest)))) return undefined;
  for (const encoding of textEncodings) {
    const inner = decodeText(head.subarray(0, longestSample), encoding);
    if (inner && encodingOf(inner, depth + 1) !== undefined) return encoding;
  }
  return undefined;
}

/** The bytes behind an encoding of text; undefined where it is none of that. */
export function decodeText(bytes: Uint8Array, encoding: ConstantEncoding): Uint8Array | undefined {
  const text = latin1(bytes).trim();
  switch (encoding) {
    case 'hex': {
      const digits = text.replace(/^0x/i, '').replace(/\s/g, '');
      return /^[\da-fA-F]+$/.test(digits)
        ? Buffer.from(digits.slice(0, digits.length & ~1), 'hex')
        : undefined;
    }
    case 'base64':
      return /^[A-Za-z0-9+/_\s-]+=*$/.test(text) ? Buffer.from(text, 'base64') : undefined;
    case 'escaped':
      return /^b?['"]?\\x/.test(text)
        ? Buffer.from(unescapeString(text.replace(/^b?['"]|['"]$/g, '')), 'latin1')
        : undefined;
    case 'latin1':
      return Buffer.from(Buffer.from(bytes).toString('utf8'), 'latin1');
    default:
      return undefined;
  }
}

const textEncodings = ['hex', 'base64', 'escaped'] as const;
/** What all texts of these encodings begin with. */
const plain = /^[\w+/\\'"\s-]+$/;
/** A pickle of protocol 0 that begins with a name; other texts begin like its constants. */
const importsAtOnce = /^[(\]})]{0,4}[ci][A-Za-z_][\w.]{0,60}\n[A-Za-z_][\w.]{0,60}\n/;

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** RFC 1950: deflate with a window of 32 KiB, and a header that 31 divides. */
export function isZlib([method = 0, flags = 0]: Uint8Array): boolean {
  return method === 0x78 && (method * 256 + flags) % 31 === 0;
}
