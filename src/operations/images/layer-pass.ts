import { createHash, type Hash } from 'node:crypto';
import { formatDigest, type Digest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { LayerCodec, LayerResult, LayerTask } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { contradiction, type Problem } from '../../core/problem.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import { escapePath } from '../../core/path-escape.ts';
import { codecBytes, codecOf } from '../../formats/inflate/codec-of.ts';
import { unpackStream } from '../../formats/inflate/unpack-stream.ts';
import { createTarStream } from '../../formats/tar/tar-stream.ts';
import { keepFiles } from './kept-files.ts';
import { createLayerFiles, type FoundInLayer, type LayerFiles } from './layer-files.ts';
import { createSpool } from './spool.ts';

export interface LayerPassOptions {
  /** For messages: `layer 3 of 5`. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of packed bytes that were read since the last call. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Any part of the blob, where it lies on this machine. */
  readonly random?: ((offset: number, length: number) => Uint8Array) | undefined;
  /** The same bytes once more, for files that have to be read again under another name. */
  readonly again?: (() => AsyncIterable<Uint8Array>) | undefined;
  /** Bytes of all copies of large files at one time. */
  readonly room?: number | undefined;
}

/**
 * Reads a layer in one pass: digests of its packed and its unpacked bytes and of every file, and whatever collectors
 * say of the files. Nothing is extracted to a name from inside. What was found is returned only when every digest and
 * size that the task promises was met.
 * @throws MlbomError `E_DIGEST` when the bytes are not those that are promised; `E_MALFORMED`, `E_LIMIT` when they are,
 * and cannot be read; `E_ABORTED`; what the blob throws
 */
export async function readLayer(
  task: LayerTask,
  blob: AsyncIterable<Uint8Array>,
  options: LayerPassOptions,
): Promise<LayerResult> {
  const packed = packedBytes(task, blob, options);
  const spool = createSpool(options.room);
  try {
    const codec = task.content.kind === 'tar' ? codecOf(await packed.peek(codecBytes)) : 'none';
    const random = codec === 'none' ? options.random : undefined;
    const files = createLayerFiles({ task, spool, random });
    const unpacked = await unpack(task, packed, codec, files, options);
    await packed.drain();
    const digest = packed.digest();
    check(task, { digest, size: packed.length() }, options.name);
    const diffId = unpacked.hash ? digestOf(unpacked.hash, diffAlgorithm(task)) : digest;
    checkDiffId(task, diffId, options.name);
    const found = await aliasesOf(files, codec, options);
    return {
      digest,
      diffId,
      size: packed.length(),
      unpackedSize: unpacked.length,
      codec,
      ...found,
      problems: [...trailing(packed.length() - unpacked.used), ...found.problems],
    };
  } finally {
    spool.close();
    await packed.close();
  }
}

interface Unpacked {
  /** Absent where the unpacked bytes are the packed ones, and hashed already. */
  readonly hash: Hash | undefined;
  readonly length: number;
  /** Packed bytes that belong to the content. */
  readonly used: number;
}

async function unpack(
  task: LayerTask,
  packed: PackedBytes,
  codec: LayerCodec,
  files: LayerFiles,
  options: LayerPassOptions,
): Promise<Unpacked> {
  const isHashed = codec === 'none' && packed.algorithm === diffAlgorithm(task);
  const hash = isHashed ? undefined : createHash(diffAlgorithm(task));
  let length = 0;
  let used = 0;
  const onEnd = (bytes: number): void => {
    used = bytes;
  };
  try {
    const content = contentOf(task, files);
    for await (const chunk of unpackStream(packed.bytes, codec, { onEnd })) {
      throwIfAborted(options.signal);
      hash?.update(chunk);
      length += chunk.length;
      content.write(chunk);
      if (files.waiting) await files.read(options.signal);
    }
    content.finish();
  } catch (error) {
    throw await packed.reasonOf(error);
  }
  return { hash, length, used };
}

/** Takes the unpacked bytes apart, where they are something that has parts. */
function contentOf({ content, size }: LayerTask, files: LayerFiles): Writer {
  if (content.kind === 'opaque') return { write: () => undefined, finish: () => undefined };
  if (content.kind === 'tar') {
    return createTarStream(files, { text: escapePath, headers: limits.layerEntries });
  }
  files.member({ name: content.path, type: 'file', size, offset: 0, header: 0 });
  return {
    write(bytes) {
      files.data(bytes);
    },
    finish() {
      files.end();
    },
  };
}

interface Writer {
  write(bytes: Uint8Array): void;
  finish(): void;
}

/** Reads what is left under its other names; for what is not kept any more the layer is unpacked once more. */
async function aliasesOf(
  files: LayerFiles,
  codec: LayerCodec,
  { signal, again, room }: LayerPassOptions,
): Promise<FoundInLayer> {
  const unread = await files.readAliases(signal);
  if (unread.length === 0 || !again) return files.found(unread);
  const missing = new Set(unread);
  const spool = createSpool(room);
  try {
    const kept = keepFiles(unread, spool);
    const tar = createTarStream(kept.sink, { text: escapePath, headers: limits.layerEntries });
    for await (const chunk of unpackStream(again(), codec)) {
      throwIfAborted(signal);
      tar.write(chunk);
      for (const { aliases, content, rest } of kept.take()) {
        for (const alias of aliases) {
          await files.readAlias(alias, content, signal);
          missing.delete(alias);
        }
        rest();
      }
    }
  } finally {
    spool.close();
  }
  return files.found([...missing]);
}

/** The bytes as they are kept, counted and hashed while they pass. */
interface PackedBytes {
  readonly algorithm: HashName;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The first `count` of them, or all; they are still part of `bytes`. */
  peek(count: number): Promise<Uint8Array>;
  /** Takes what nobody read. */
  drain(): Promise<void>;
  length(): number;
  digest(): Digest;
  /** Why a layer could not be read: bytes that are not the promised ones explain whatever is wrong with them. */
  reasonOf(error: unknown): Promise<unknown>;
  close(): Promise<void>;
}

type HashName = 'sha256' | 'sha512';

function packedBytes(
  task: LayerTask,
  blob: AsyncIterable<Uint8Array>,
  { name, signal, onProgress }: LayerPassOptions,
): PackedBytes {
  const algorithm = task.digest ? hashName(task.digest) : 'sha256';
  const hash = createHash(algorithm);
  const iterator = blob[Symbol.asyncIterator]();
  const peeked: Uint8Array[] = [];
  let length = 0;

  async function pull(): Promise<Uint8Array | undefined> {
    throwIfAborted(signal);
    const next = await iterator.next();
    if (next.done) return undefined;
    const bytes = next.value;
    length += bytes.length;
    if (length > task.size) throw contradicts(task, name, `more than the promised ${task.size} bytes`);
    hash.update(bytes);
    onProgress?.(bytes.length);
    return bytes;
  }

  async function drain(): Promise<void> {
    while (await pull());
  }

  function digest(): Digest {
    return digestOf(hash.copy(), algorithm);
  }

  return {
    algorithm,
    bytes: {
      // Without a `return`: who stops reading does not end the hashing.
      [Symbol.asyncIterator]: () => ({
        async next() {
          const value = peeked.shift() ?? (await pull());
          return value ? { done: false, value } : { done: true, value: undefined };
        },
      }),
    },
    async peek(count) {
      while (peeked.reduce((sum, bytes) => sum + bytes.length, 0) < count) {
        const bytes = await pull();
        if (!bytes) break;
        peeked.push(bytes);
      }
      return Buffer.concat(peeked.map((bytes) => bytes.subarray(0, count))).subarray(0, count);
    },
    drain,
    length: () => length,
    digest,
    async reasonOf(error) {
      if (!isMlbomError(error) || error.code !== 'E_MALFORMED') return about(error, name);
      try {
        await drain();
        check(task, { digest: digest(), size: length }, name);
      } catch (reason) {
        return reason;
      }
      return about(error, name);
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/** An error of a reader, with the layer that it is about. */
function about(error: unknown, name: string): unknown {
  if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.message.startsWith(name)) return error;
  const { code, message, rule, offset, subject, next } = error;
  return new MlbomError(code, `${name}: ${message}`, {
    subject: subject ?? name,
    ...(rule === undefined ? {} : { rule }),
    ...(offset === undefined ? {} : { offset }),
    ...(next === undefined ? {} : { next }),
    cause: error,
  });
}

function check(task: LayerTask, actual: { digest: Digest; size: number }, name: string): void {
  if (actual.size !== task.size) {
    throw contradicts(task, name, `${actual.size} bytes, not the promised ${task.size}`);
  }
  if (task.digest && task.digest.hex !== actual.digest.hex) {
    const what = `its bytes have ${formatDigest(actual.digest)}, not the promised ${formatDigest(task.digest)}`;
    throw contradicts(task, name, what);
  }
}

function checkDiffId(task: LayerTask, actual: Digest, name: string): void {
  if (!task.diffId || task.content.kind === 'opaque' || task.diffId.hex === actual.hex) return;
  const what = `unpacked, it has ${formatDigest(actual)}, not the ${formatDigest(task.diffId)} of the configuration`;
  throw new MlbomError('E_DIGEST', `${name}: ${what}`, {
    subject: formatDigest(task.diffId),
    rule: 'diff-id',
    next: 'do not use this image: it is not the one that was built',
  });
}

function contradicts({ digest, diffId }: LayerTask, name: string, what: string): MlbomError {
  const promised = digest ?? diffId;
  const named = promised ? `${name} (${formatDigest(promised)})` : name;
  return new MlbomError('E_DIGEST', `${named}: ${what}`, {
    subject: promised ? formatDigest(promised) : name,
    rule: 'layer-digest',
    next: 'fetch the image again; if it stays so, do not use it',
  });
}

function digestOf(hash: Hash, algorithm: HashName): Digest {
  return { algorithm, hex: hash.digest('hex') };
}

function diffAlgorithm({ diffId }: LayerTask): HashName {
  return diffId ? hashName(diffId) : 'sha256';
}

/** @throws MlbomError `E_UNSUPPORTED` */
function hashName({ algorithm }: Digest): HashName {
  if (algorithm === 'sha256' || algorithm === 'sha512') return algorithm;
  throw new MlbomError('E_UNSUPPORTED', `${algorithm}: no digest that images have`, { subject: algorithm });
}

function trailing(count: number): Problem[] {
  if (count <= 0) return [];
  return [contradiction('trailing-data', '.', `${count} bytes after the packed layer belong to nothing`)];
}
