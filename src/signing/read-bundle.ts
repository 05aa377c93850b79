import { sha256 } from '../core/digest.ts';
import { decodeBase64 } from '../core/decode-base64.ts';
import { MlbomError } from '../core/errors.ts';
import { parseJsonObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { assertShape, bundleShape } from './bundle-shape.ts';

/** What a bundle says about who signed. It decides nothing: only the signature and the reader's own trust do. */
export interface VerificationMaterial {
  readonly kind: 'publicKey' | 'certificate' | 'x509CertificateChain';
  /** A name of the key, in whatever form the signer uses. */
  readonly hint?: string;
}

/** A Sigstore bundle that carries one DSSE envelope with one signature. */
export interface Bundle {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly material: VerificationMaterial;
}

/** As `bundleShape` admits it. */
interface BundleJson {
  mediaType: string;
  verificationMaterial: {
    publicKey?: { hint?: string | null; rawBytes?: string | null } | null;
    certificate?: unknown;
    x509CertificateChain?: unknown;
  };
  dsseEnvelope: {
    payload: string;
    payloadType: string;
    signatures: { sig: string; keyid?: string | null }[];
  };
}

/** Versions differ in what they demand of certificates and logs, not in their envelope. */
const mediaTypes = [
  'application/vnd.dev.sigstore.bundle.v0.3+json',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
];

/**
 * Reads a bundle strictly: no member twice, none unknown, canonical base64, exactly one signature.
 * Not by `@sigstore/bundle`: it skips unknown members, takes any base64, and refuses the certificate chains of OpenSSF
 * Model Signing.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT` for one that is too large or nested too deeply
 */
export function readBundle(file: string | Uint8Array): Bundle {
  if (file.length > limits.bundleBytes) {
    throw new MlbomError('E_LIMIT', `bundle: larger than ${limits.bundleBytes} bytes`, { subject: 'bundle' });
  }
  const json: JsonObject = parseJsonObject(file, { subject: 'bundle' });
  if ('messageSignature' in json) throw malformed('it signs a file, not a statement');
  assertShape(json, bundleShape, 'bundle');
  const { mediaType, verificationMaterial, dsseEnvelope } = json as unknown as BundleJson;
  if (!mediaTypes.includes(mediaType)) throw malformed('its media type is not that of a bundle v0.1 to v0.3');
  const [signature, second] = dsseEnvelope.signatures;
  if (!signature || second) throw malformed(`it has ${dsseEnvelope.signatures.length} signatures, not one`);
  return {
    payloadType: dsseEnvelope.payloadType,
    payload: decodeBase64(dsseEnvelope.payload, 'bundle.dsseEnvelope.payload'),
    signature: decodeBase64(signature.sig, 'bundle.dsseEnvelope.signatures[0].sig'),
    material: materialOf(verificationMaterial, signature.keyid),
  };
}

function materialOf(
  json: BundleJson['verificationMaterial'],
  keyid: string | null | undefined,
): VerificationMaterial {
  const kinds = (['publicKey', 'certificate', 'x509CertificateChain'] as const).filter((kind) =>
    Boolean(json[kind]),
  );
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw malformed('it must name one key, certificate or chain');
  const hint = hintOf(json.publicKey) ?? (keyid || undefined);
  return hint === undefined ? { kind } : { kind, hint };
}

/** `rawBytes` of older OpenSSF Model Signing is the key's PEM text, of which today's hint is the SHA-256. */
function hintOf(publicKey: BundleJson['verificationMaterial']['publicKey']): string | undefined {
  if (publicKey?.rawBytes) return sha256(Buffer.from(publicKey.rawBytes, 'base64'));
  return publicKey?.hint || undefined;
}

function malformed(why: string): MlbomError {
  return new MlbomError('E_MALFORMED', `bundle: ${why}`, { subject: 'bundle', rule: 'bundle' });
}
