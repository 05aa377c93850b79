import { formatDigest } from '../../../src/core/digest.ts';
import { MlbomError } from '../../../src/core/errors.ts';
import type { Descriptor, ImageStore } from '../../../src/core/image.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import type { BlobFixture } from '../../fixtures/image-writer.ts';

export interface MemoryImageStore extends ImageStore {
  readonly blobs: Map<string, Uint8Array>;
  /** What is listed for every digest, as the place says it. */
  readonly listed: Descriptor[];
  /** Keeps a manifest with what it points to, and lists it. */
  list(root: { readonly manifest: BlobFixture; readonly blobs: ReadonlyMap<string, Uint8Array> }): Descriptor;
}

/** A place of images in memory that lists as referrers whatever it is told to. */
export function memoryImageStore(root?: Descriptor): MemoryImageStore {
  const blobs = new Map<string, Uint8Array>();
  const listed: Descriptor[] = [];
  return {
    kind: 'registry',
    uri: 'oci://registry.example.org/team/app',
    name: 'app',
    tags: [],
    blobs,
    listed,
    list({ manifest, blobs: all }) {
      for (const [digest, bytes] of all) blobs.set(digest, bytes);
      const descriptor = descriptorIn(manifest);
      listed.push(descriptor);
      return descriptor;
    },
    root: () =>
      root
        ? Promise.resolve({ kind: 'manifest', descriptor: root, neighbours: [] })
        : Promise.reject(absent('root')),
    open: ({ digest }) => {
      const bytes = blobs.get(formatDigest(digest));
      if (!bytes) return Promise.reject(absent(formatDigest(digest)));
      return Promise.resolve({
        size: bytes.length,
        // eslint-disable-next-line @typescript-eslint/require-await
        async *stream() {
          yield bytes;
        },
      });
    },
    referrers: () => Promise.resolve(listed),
    close: () => Promise.resolve(),
  };
}

export function descriptorIn({ mediaType, digest, bytes }: BlobFixture): Descriptor {
  return { mediaType, digest: parseDigest(digest), size: bytes.length, annotations: {} };
}

function absent(subject: string): MlbomError {
  return new MlbomError('E_NOT_FOUND', `${subject}: not found`, { subject });
}
