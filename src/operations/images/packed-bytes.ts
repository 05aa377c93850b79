import { createHash, type Hash } from 'node:crypto';
import { formatDigest, type Digest } from '../../core/digest.ts';
import { isMlbomError, MlbomError, withSubject } from '../../core/errors.ts';
import type { LayerTask } from '../../core/layer.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';

/** The bytes as they are kept, counted and hashed while they pass. */
export interface PackedBytes {
  readonly algorithm: HashName;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The first `count` of them, or all; they are still part of `bytes`. */
  peek(count: number): Promise<Uint8Array>;
  /** Takes what nobody read. */
  drain(): Promise<void>;
  length(): number;
  digest(): Digest;
  /** After the last of them. @throws MlbomError `E_DIGEST` when they are not those that are promised */
  verify(): void;
  /** Why a layer could not be read: bytes that are not the promised ones explain whatever is wrong with them. */
  reasonOf(error: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface PackedOptions {
  /** For messages: `layer 3 of 5`. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes that came since the last call. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** What images are named with. */
export type HashName = 'sha256' | 'sha512';

export function packedBytes(
  task: LayerTask,
  blob: AsyncIterable<Uint8Array>,
  { name, signal, onProgress }: PackedOptions,
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
    verify() {
      check(task, { digest: digest(), size: length }, name);
    },
    async reasonOf(error) {
      if (!isMlbomError(error) || error.code !== 'E_MALFORMED') return withSubject(error, name);
      try {
        await drain();
        check(task, { digest: digest(), size: length }, name);
      } catch (reason) {
        return reason;
      }
      return withSubject(error, name);
    },
    async close() {
      await iterator.return?.();
    },
  };
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

function contradicts({ digest, diffId }: LayerTask, name: string, what: string): MlbomError {
  const promised = digest ?? diffId;
  const named = promised ? `${name} (${formatDigest(promised)})` : name;
  return new MlbomError('E_DIGEST', `${named}: ${what}`, {
    subject: promised ? formatDigest(promised) : name,
    rule: 'layer-digest',
    next: 'fetch the image again; if it stays so, do not use it',
  });
}

export function digestOf(hash: Hash, algorithm: HashName): Digest {
  return { algorithm, hex: hash.digest('hex') };
}

/** @throws MlbomError `E_UNSUPPORTED` */
export function hashName({ algorithm }: Digest): HashName {
  if (algorithm === 'sha256' || algorithm === 'sha512') return algorithm;
  throw new MlbomError('E_UNSUPPORTED', `${algorithm}: no digest that images have`, { subject: algorithm });
}
