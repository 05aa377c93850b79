import { formatDigest } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { attach, type Attached } from './images/attach.ts';
import { openRepository, type PlaceOptions } from './open-place.ts';
import { parseSource } from './parse-source.ts';

export interface AttachToOptions extends PlaceOptions {
  /** The BOM, as it was signed. */
  readonly bom: Uint8Array;
  /** Its Sigstore bundle. */
  readonly bundle: Uint8Array;
}

/** What lies beside the image now. */
export interface AttachedTo extends Omit<Attached, 'subject' | 'referrers'> {
  /** Digest of the manifest or index that it belongs to. */
  readonly subject: string;
  readonly referrers: readonly {
    readonly digest: string;
    readonly mediaType: string;
    readonly how: 'api' | 'tag';
  }[];
}

/**
 * Puts a signed BOM beside the image at `place`, an `oci://` reference.
 * @throws MlbomError as `attach`; `E_USAGE` for a place of another kind
 */
export async function attachTo(
  place: string,
  { bom, bundle, ...options }: AttachToOptions,
): Promise<AttachedTo> {
  if (parseSource(place).kind !== 'registry') {
    throw new MlbomError('E_USAGE', `${place}: nothing can be put beside it`, {
      subject: place,
      next: 'name an image in a registry: oci://HOST/REPOSITORY:TAG',
    });
  }
  const client = openRepository(place, options);
  try {
    const { subject, referrers } = await attach({ client, bom, bundle, signal: options.signal });
    return {
      subject: formatDigest(subject),
      referrers: referrers.map((one) => ({ ...one, digest: formatDigest(one.digest) })),
    };
  } finally {
    await client.close();
  }
}
