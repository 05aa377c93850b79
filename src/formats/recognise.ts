import { isGguf } from './is-gguf.ts';
import { isOnnx } from './is-onnx.ts';
import { isSafetensors } from './is-safetensors.ts';
import { hasProtocol } from './pickle/is-pickle.ts';
import { isTar } from './tar/is-tar.ts';
import { isZip } from './zip/is-zip.ts';

/**
 * The format of content by its signature; undefined where none is known or the signature is too weak to go by.
 * `head` is the beginning of the file, up to a few KiB; `size` is that of the whole.
 */
export function recognise(head: Uint8Array, size: number): string | undefined {
  if (head.length < 2) return undefined;
  for (const { format, at = 0, bytes } of signaturesBy.get(head[0] ?? -1) ?? []) {
    if (beginsWith(head, at, bytes)) return format;
  }
  for (const { format, at = 0, bytes } of later) if (beginsWith(head, at, bytes)) return format;
  return structures.find(({ is }) => is(head, size))?.format;
}

/** Formats that a processor or a shell runs. */
export const executableFormats: ReadonlySet<string> = new Set(['elf', 'pe', 'mach-o', 'script']);

/** Formats that pack other content. */
export const packedFormats: ReadonlySet<string> = new Set([
  'gzip',
  'zlib',
  'zstd',
  'xz',
  'lzma',
  'bzip2',
  'lz4',
  '7z',
  'rar',
]);

interface Signature {
  readonly format: string;
  readonly at?: number;
  readonly bytes: readonly number[];
}

/** A signature of text in Latin-1. */
function text(format: string, bytes: string, at = 0): Signature {
  return { format, at, bytes: [...Buffer.from(bytes, 'latin1')] };
}

const signatures: readonly Signature[] = [
  // The formats before GGUF are little-endian numbers, so that their letters stand in reverse.
  ...['lmgg', 'fmgg', 'tjgg', 'algg'].map((magic) => text('ggml', magic)),
  text('npy', '\x93NUMPY'),
  text('hdf5', '\x89HDF\r\n\x1a\n'),
  text('parquet', 'PAR1'),
  text('parquet', 'PARE'),
  text('arrow', 'ARROW1\0\0'),
  text('avro', 'Obj\x01'),
  text('sqlite', 'SQLite format 3\0'),
  text('gzip', '\x1f\x8b\x08'),
  text('zstd', '\x28\xb5\x2f\xfd'),
  text('xz', '\xfd7zXZ\0'),
  text('7z', "7z\xbc\xaf'\x1c"),
  text('rar', 'Rar!\x1a\x07'),
  text('lz4', '\x04\x22\x4d\x18'),
  text('elf', '\x7fELF'),
  text('png', '\x89PNG\r\n\x1a\n'),
  text('jpeg', '\xff\xd8\xff'),
  text('gif', 'GIF8'),
  text('pdf', '%PDF-'),
  text('catboost', 'CBM1'),
  text('lfs-pointer', 'version https://git-lfs.github.com/spec/v1'),
  text('onnx-runtime', 'ORTM', 4),
  text('tflite', 'TFL3', 4),
  text('executorch', 'ET12', 4),
];

const later = signatures.filter(({ at = 0 }) => at > 0);
const signaturesBy = byFirst(signatures.filter(({ at = 0 }) => at === 0));

function byFirst(list: readonly Signature[]): Map<number, Signature[]> {
  const found = new Map<number, Signature[]>();
  for (const signature of list) {
    const first = signature.bytes[0] ?? -1;
    found.set(first, [...(found.get(first) ?? []), signature]);
  }
  return found;
}

const structures: readonly { format: string; is: (head: Uint8Array, size: number) => boolean }[] = [
  { format: 'zip', is: isZip },
  { format: 'gguf', is: isGguf },
  { format: 'pickle', is: hasProtocol },
  { format: 'pe', is: isPe },
  { format: 'mach-o', is: isMachO },
  { format: 'script', is: isScript },
  { format: 'bzip2', is: isBzip2 },
  { format: 'safetensors', is: (head, size) => isSafetensors(head, { size }) },
  { format: 'onnx', is: (head, size) => isOnnx(head, { size }) },
  { format: 'hdf5', is: hasUserBlock },
  { format: 'tar', is: isTar },
];

function beginsWith(head: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[at + index] === byte);
}

/** `MZ`, and where its header says that the other one is, `PE`. */
function isPe(head: Uint8Array): boolean {
  if (head[0] !== 0x4d || head[1] !== 0x5a || head.length < 64) return false;
  const at = viewOf(head).getUint32(60, true);
  return at + 4 <= head.length && beginsWith(head, at, [0x50, 0x45, 0, 0]);
}

/** 32 or 64 bits in either order, or a file for several processors: Java's classes begin like those. */
function isMachO(head: Uint8Array): boolean {
  if (head.length < 28) return false;
  const magic = viewOf(head).getUint32(0);
  if ([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(magic)) return true;
  return magic === 0xcafebabe && viewOf(head).getUint32(4) < 40;
}

function isScript(head: Uint8Array): boolean {
  if (head[0] !== 0x23 || head[1] !== 0x21) return false;
  return /^#! {0,8}\/[\x20-\x7e]{2,200}[\r\n]/.test(Buffer.from(head.subarray(0, 256)).toString('latin1'));
}

/** The block size, and the magic of the first block or of the end. */
function isBzip2(head: Uint8Array): boolean {
  if (!beginsWith(head, 0, [0x42, 0x5a, 0x68])) return false;
  const [level = 0] = head.subarray(3, 4);
  const block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
  const end = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
  return level >= 0x31 && level <= 0x39 && (beginsWith(head, 4, block) || beginsWith(head, 4, end));
}

/** HDF5's signature may also stand at 512, 1024, 2048, … (File Format Specification III.A). */
function hasUserBlock(head: Uint8Array): boolean {
  const magic = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  return [512, 1024, 2048].some((at) => beginsWith(head, at, magic));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
