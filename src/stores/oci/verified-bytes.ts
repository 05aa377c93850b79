import { createHash } from 'node:crypto';
import { formatDigest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Blob, Descriptor, ImageStore } from '../../core/image.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';

/**
 * The bytes of a manifest, an index or a configuration, once they have the size and the digest of their descriptor.
 * @param limit bytes that are read at most
 * @param what it is, for messages: `the manifest`
 * @throws MlbomError `E_DIGEST` when they are others; `E_LIMIT`; `E_NOT_FOUND`; what the place throws
 */
export async function verifiedBytes(
  store: Pick<ImageStore, 'open'>,
  descriptor: Descriptor,
  limit: number,
  what: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  const subject = formatDigest(digest);
  if (size > limit) {
    throw new MlbomError('E_LIMIT', `${what} ${subject}: ${size} bytes, more than ${limit}`, {
      subject,
      rule: 'image-document-bytes',
    });
  }
  const bytes = await bytesOf(await openSized(store, descriptor, what, signal), size, signal);
  if (bytes === undefined) {
    throw contradicted(descriptor, what, `it has not the ${size} bytes that are promised`);
  }
  const hex = createHash(digest.algorithm).update(bytes).digest('hex');
  if (hex !== digest.hex)
    throw contradicted(descriptor, what, `its bytes have the digest ${digest.algorithm}:${hex}`);
  return bytes;
}

/**
 * What the place keeps for a descriptor. Nothing but its size is compared.
 * @throws MlbomError `E_DIGEST` when the place has another number of bytes; `E_NOT_FOUND` with what is missing
 */
export async function openSized(
  store: Pick<ImageStore, 'open'>,
  descriptor: Descriptor,
  what: string,
  signal?: AbortSignal,
): Promise<Blob> {
  throwIfAborted(signal);
  const blob = await store.open(descriptor, signal).catch((error: unknown) => {
    throw isMlbomError(error) && error.code === 'E_NOT_FOUND' ? missing(error, descriptor, what) : error;
  });
  if (blob.size === descriptor.size) return blob;
  throw contradicted(descriptor, what, `it has ${blob.size} bytes where ${descriptor.size} are promised`);
}

/** Exactly `size` bytes, or nothing when there are more or fewer. */
async function bytesOf(blob: Blob, size: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of blob.stream(signal)) {
    throwIfAborted(signal);
    length += part.length;
    if (length > size) return undefined;
    parts.push(part);
  }
  return length === size ? Buffer.concat(parts) : undefined;
}

function contradicted({ digest }: Descriptor, what: string, why: string): MlbomError {
  const subject = formatDigest(digest);
  return new MlbomError('E_DIGEST', `${what} ${subject} is not what its digest names: ${why}`, {
    subject,
    rule: 'image-digest',
    next: 'get the image again from where it was built; somebody or something changed this copy',
  });
}

function missing(error: MlbomError, { digest, urls }: Descriptor, what: string): MlbomError {
  const subject = formatDigest(digest);
  const elsewhere =
    urls === undefined ? '' : '; its descriptor says where else it is kept, which is not asked';
  return new MlbomError('E_NOT_FOUND', `${what} ${subject} is missing${elsewhere}`, {
    subject,
    rule: 'image-blob-missing',
    next: error.next ?? 'copy the whole image again',
    cause: error,
  });
}
