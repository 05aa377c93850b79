import { isHexOf, type Digest } from '../../core/digest.ts';
import { malformed, ociError, quoted } from './oci-error.ts';

const grammar = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([A-Za-z0-9=_-]+)$/;

/**
 * `sha256:<hex>` or `sha512:<hex>` (OCI image-spec 1.1, descriptor.md, "Digests"). What it gives may stand in a path.
 * @throws MlbomError `E_MALFORMED` (`oci-digest`); `E_UNSUPPORTED` (`oci-digest-algorithm`) for other algorithms
 */
export function parseDigest(text: string, what = 'a digest'): Digest {
  const [, algorithm, hex] = text.length <= longest ? (grammar.exec(text) ?? []) : [];
  if (algorithm === undefined || hex === undefined) {
    throw malformed('digest', what, `${quoted(text)} is no digest`);
  }
  if (algorithm !== 'sha256' && algorithm !== 'sha512') {
    throw ociError(
      'E_UNSUPPORTED',
      'digest-algorithm',
      what,
      `digests by ${quoted(algorithm)} are not checked`,
    );
  }
  if (isHexOf(algorithm, hex)) return { algorithm, hex };
  throw malformed('digest', what, `${quoted(text)} is no ${algorithm} digest`);
}

/** `sha512:` and 128 digits take 135. */
const longest = 255;
