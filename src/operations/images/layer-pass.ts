import { createHash, type Hash } from 'node:crypto';
import { formatDigest, type Digest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
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
import {
  digestOf,
  hashName,
  packedBytes,
  type HashName,
  type PackedBytes,
  type PackedOptions,
} from './packed-bytes.ts';
import { createSpool } from './spool.ts';

export interface LayerPassOptions extends PackedOptions {
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
    packed.verify();
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

function checkDiffId(task: LayerTask, actual: Digest, name: string): void {
  if (!task.diffId || task.content.kind === 'opaque' || task.diffId.hex === actual.hex) return;
  const what = `unpacked, it has ${formatDigest(actual)}, not the ${formatDigest(task.diffId)} of the configuration`;
  throw new MlbomError('E_DIGEST', `${name}: ${what}`, {
    subject: formatDigest(task.diffId),
    rule: 'diff-id',
    next: 'do not use this image: it is not the one that was built',
  });
}

function diffAlgorithm({ diffId }: LayerTask): HashName {
  return diffId ? hashName(diffId) : 'sha256';
}

function trailing(count: number): Problem[] {
  if (count <= 0) return [];
  return [contradiction('trailing-data', '.', `${count} bytes after the packed layer belong to nothing`)];
}
