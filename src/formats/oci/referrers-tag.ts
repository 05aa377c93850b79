import type { Digest } from '../../core/digest.ts';

/**
 * The tag under which clients keep an index of referrers where the registry does not (OCI distribution-spec 1.1,
 * "Referrers Tag Schema"): at most 64 digits.
 */
export function referrersTag({ algorithm, hex }: Digest): string {
  return `${algorithm}-${hex.slice(0, 64)}`;
}

/**
 * The tags under which cosign 1 and 2 kept what belongs to an image (cosign, specs/SIGNATURE_SPEC.md, "Tag-based
 * discovery"): all digits, so that a SHA-512 has none, being longer than a tag may be.
 */
export function cosignTags({ algorithm, hex }: Digest): readonly string[] {
  return ['sig', 'att', 'sbom']
    .map((kind) => `${algorithm}-${hex}.${kind}`)
    .filter((tag) => tag.length <= longestTag);
}

/** True for a tag of either kind, whatever digest it is made of. */
export function isBesideTag(tag: string): boolean {
  return /^(?:sha512-[0-9a-f]{64}|sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?)$/.test(tag);
}

/** OCI distribution-spec 1.1, "Pulling manifests". */
const longestTag = 128;
