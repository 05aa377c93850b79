import { fileCollectors } from '../../collectors/registry.ts';
import { walk } from '../../collectors/walk.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { attribute, type Fact } from '../../core/fact.ts';
import type { Blob } from '../../core/image.ts';
import { incomplete } from '../../core/problem.ts';
import type { NamedLayer } from './named-layers.ts';
import type { ReadLayer } from './read-image-layers.ts';

/**
 * A layer that is one file, known by its header: only the ranges that describe it are fetched. Its digest is what the
 * manifest claims, and whatever is stated of it says so.
 * @throws MlbomError of the place, `E_ABORTED`
 */
export async function claimedLayer(
  { source, name }: NamedLayer,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadLayer> {
  const { descriptor } = source;
  if (!descriptor) throw new MlbomError('E_INTERNAL', `${name}: no descriptor`);
  const { digest, size } = descriptor;
  const { facts, problems, findings, lists, runs, examined } = await walk(
    [blobEntry(path, size, await source.open(signal), signal)],
    fileCollectors,
    signal,
  );
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

/** Parts of it that readers ask for in turn lie near each other: each fetch brings some more. */
const readAhead = 256 * 1024;

function blobEntry(path: string, size: number, blob: Blob, signal: AbortSignal | undefined): Entry {
  let window = { offset: 0, bytes: new Uint8Array() };
  async function read({ offset, length }: { offset: number; length: number }): Promise<Uint8Array> {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new MlbomError('E_MALFORMED', `no ${length} bytes at ${offset} of ${size}`, {
        rule: 'past-the-end',
        offset,
      });
    }
    const isThere = offset >= window.offset && offset + length <= window.offset + window.bytes.length;
    if (!isThere) {
      if (!blob.read) throw new MlbomError('E_UNSUPPORTED', `${path}: the registry gives no parts of blobs`);
      const wanted = { offset, length: Math.min(size - offset, Math.max(length, readAhead)) };
      window = { offset, bytes: Uint8Array.from(await blob.read(wanted, signal)) };
    }
    return window.bytes.subarray(offset - window.offset, offset - window.offset + length);
  }
  return {
    kind: 'entry',
    path,
    size,
    access: 'random',
    promises: [],
    head: (n) => read({ offset: 0, length: Math.min(n, size) }),
    read,
    stream: () => blob.stream(signal),
  };
}
