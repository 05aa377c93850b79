import { fileCollectors } from '../../collectors/registry.ts';
import { walk } from '../../collectors/walk.ts';
import type { ByteRange, Entry } from '../../core/entry.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import { attribute, type Fact } from '../../core/fact.ts';
import type { Blob } from '../../core/image.ts';
import { incomplete } from '../../core/problem.ts';
import type { NamedLayer } from './named-layers.ts';
import type { ReadLayer } from './read-image-layers.ts';

/**
 * A layer that is one file, known by its header: only the ranges that describe it are fetched. Its digest is what the
 * manifest claims, and whatever is stated of it says so.
 * @throws MlbomError of the place, with the name of the layer; `E_ABORTED`
 */
export async function claimedLayer(
  { source, name }: NamedLayer,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadLayer> {
  const { descriptor } = source;
  if (!descriptor) throw new MlbomError('E_INTERNAL', `${name}: no descriptor`);
  const { digest, size } = descriptor;
  const file = blobEntry(path, size, await source.open(signal), signal);
  // Also of a file that no reader wants: a digest is not claimed for what is not there.
  await file.entry.head(1).catch(() => undefined);
  const { facts, problems, findings, lists, runs, examined } = await walk(
    [file.entry],
    fileCollectors,
    signal,
  );
  file.assertThere();
  const evidence = { basis: 'declared', source: 'manifest', by: 'store' } as const;
  const claimed: Fact = {
    about: { kind: 'file', path },
    type: 'file',
    attributes: [attribute('mlbom:oci:verification', 'claimed', evidence)],
    relations: [],
  };
  const reason = `only its header was read; that it has the digest ${digest.algorithm}:${digest.hex} is what the manifest says`;
  return {
    verification: 'claimed',
    problems: [incomplete('digest-claimed', path, reason)],
    result: {
      digest,
      diffId: digest,
      size,
      unpackedSize: size,
      codec: 'none',
      entries: [
        { path, type: 'file', size, ...(digest.algorithm === 'sha256' ? { sha256: digest.hex } : {}) },
      ],
      whiteouts: [],
      opaque: [],
      readings: [
        {
          path,
          facts: [...facts, claimed],
          problems,
          findings,
          lists,
          runs,
          examined: examined.get(path) ?? [],
        },
      ],
      problems: [],
    },
  };
}

/** Parts that readers ask for in turn lie near each other: each fetch brings this much. What is no larger is read whole. */
export const headerReadAhead = 256 * 1024;

interface BlobEntry {
  readonly entry: Entry;
  /** @throws MlbomError of the place, where it failed: readers make a problem of everything that they meet */
  assertThere(): void;
}

function blobEntry(path: string, size: number, blob: Blob, signal: AbortSignal | undefined): BlobEntry {
  let window = { offset: 0, bytes: new Uint8Array() };
  let failure: Error | undefined;
  async function read({ offset, length }: ByteRange): Promise<Uint8Array> {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new MlbomError('E_MALFORMED', `no ${length} bytes at ${offset} of ${size}`, {
        rule: 'past-the-end',
        offset,
      });
    }
    const isThere = offset >= window.offset && offset + length <= window.offset + window.bytes.length;
    if (!isThere) {
      const wanted = { offset, length: Math.min(size - offset, Math.max(length, headerReadAhead)) };
      window = { offset, bytes: Uint8Array.from(await fetched(wanted)) };
    }
    return window.bytes.subarray(offset - window.offset, offset - window.offset + length);
  }
  async function fetched(range: ByteRange): Promise<Uint8Array> {
    try {
      if (blob.read) return await blob.read(range, signal);
    } catch (error) {
      // What lies too far behind for a registry that gives no parts is not read, which is a problem of the file.
      if (!isMlbomError(error) || error.rule !== 'no-range') failure ??= error as Error;
      throw error;
    }
    throw new MlbomError('E_UNSUPPORTED', `${path}: its place gives no parts of blobs`, { subject: path });
  }

  return {
    entry: {
      kind: 'entry',
      path,
      size,
      access: 'random',
      promises: [],
      head: (n) => read({ offset: 0, length: Math.min(n, size) }),
      read,
      stream: () => blob.stream(signal),
    },
    assertThere() {
      if (failure !== undefined) throw failure;
    },
  };
}
