import { formatDigest, type Digest } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { splitPlace } from '../stores/oci/split-place.ts';
import { attachToLayout } from './images/attach-to-layout.ts';
import { attach } from './images/attach.ts';
import { openRepository, type PlaceOptions } from './open-place.ts';
import { parseSource } from './parse-source.ts';

export interface AttachToOptions extends PlaceOptions {
  /** The BOM, as it was signed. */
  readonly bom: Uint8Array;
  /** Its Sigstore bundle. */
  readonly bundle: Uint8Array;
}

/** What lies beside the image now. */
export interface AttachedTo {
  /** Digest of the manifest or index that it belongs to. */
  readonly subject: string;
  readonly referrers: readonly {
    readonly digest: string;
    readonly mediaType: string;
    /** How others find it: by the registry's list of referrers, by the tag in its place, or in the layout's index. */
    readonly how: 'api' | 'tag' | 'layout';
  }[];
}

/**
 * Puts a signed BOM beside the image at `place`: an `oci://` reference or an `oci-layout:`.
 * @throws MlbomError as `attach` and `attachToLayout`; `E_USAGE` for a place of another kind
 */
export async function attachTo(
  place: string,
  { bom, bundle, ...options }: AttachToOptions,
): Promise<AttachedTo> {
  const parsed = parseSource(place);
  const { signal } = options;
  if (parsed.kind === 'oci-layout') {
    const { path, name } = await splitPlace(parsed.place);
    const { subject, referrers } = await attachToLayout({ path, name, bom, bundle, signal });
    return stated(
      subject,
      referrers.map((one) => ({ ...one, how: 'layout' })),
    );
  }
  if (parsed.kind !== 'registry') {
    throw new MlbomError('E_USAGE', `${place}: nothing can be put beside it`, {
      subject: place,
      next: 'name an image in a registry, oci://HOST/REPOSITORY:TAG, or in a layout, oci-layout:PATH[:NAME]',
    });
  }
  const client = openRepository(place, options);
  try {
    const { subject, referrers } = await attach({ client, bom, bundle, signal });
    return stated(subject, referrers);
  } finally {
    await client.close();
  }
}

function stated(
  subject: Digest,
  referrers: readonly {
    readonly digest: Digest;
    readonly mediaType: string;
    readonly how: 'api' | 'tag' | 'layout';
  }[],
): AttachedTo {
  return {
    subject: formatDigest(subject),
    referrers: referrers.map((one) => ({ ...one, digest: formatDigest(one.digest) })),
  };
}
