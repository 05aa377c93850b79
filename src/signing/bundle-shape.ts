import { decodeBase64 } from '../core/decode-base64.ts';
import { MlbomError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';

/** What a JSON value must look like. A member whose name ends in `?` may be absent or null; others may not. */
export type Shape = 'text' | 'base64' | 'integer' | readonly [Shape] | { readonly [member: string]: Shape };

const certificate = { rawBytes: 'base64' } as const;

/**
 * A Sigstore bundle with a DSSE envelope in protobuf's JSON form.
 * Source: sigstore/protobuf-specs, sigstore_bundle.proto, sigstore_common.proto, sigstore_rekor.proto, envelope.proto.
 * The two long base64 fields are text here: their reader decodes them, once.
 */
export const bundleShape: Shape = {
  mediaType: 'text',
  verificationMaterial: {
    // `rawBytes` and `keyDetails` are what OpenSSF Model Signing wrote before 1.1.
    'publicKey?': { 'hint?': 'text', 'rawBytes?': 'base64', 'keyDetails?': 'text' },
    'certificate?': certificate,
    'x509CertificateChain?': { certificates: [certificate] },
    'tlogEntries?': [
      {
        'logIndex?': 'integer',
        logId: { keyId: 'base64' },
        kindVersion: { kind: 'text', version: 'text' },
        'integratedTime?': 'integer',
        'inclusionPromise?': { signedEntryTimestamp: 'base64' },
        'inclusionProof?': {
          'logIndex?': 'integer',
          rootHash: 'base64',
          treeSize: 'integer',
          'hashes?': ['base64'],
          'checkpoint?': { envelope: 'text' },
        },
        'canonicalizedBody?': 'base64',
      },
    ],
    'timestampVerificationData?': { 'rfc3161Timestamps?': [{ signedTimestamp: 'base64' }] },
  },
  dsseEnvelope: {
    payload: 'text',
    payloadType: 'text',
    signatures: [{ sig: 'text', 'keyid?': 'text' }],
  },
};

/**
 * Holds a value against a shape. Members that the shape does not name are refused: a reader that skips what it does not
 * know can be shown one thing while another reader sees two.
 * @throws MlbomError `E_MALFORMED` with the place of the first thing that does not fit
 */
export function assertShape(value: unknown, shape: Shape, at: string): void {
  if (typeof shape === 'string') {
    assertScalar(value, shape, at);
  } else if (isList(shape)) {
    if (!Array.isArray(value)) throw misfit(at, 'is not an array');
    for (const [index, item] of value.entries()) assertShape(item, shape[0], `${at}[${index}]`);
  } else {
    assertMembers(value, shape, at);
  }
}

function isList(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function assertMembers(value: unknown, shape: Readonly<Record<string, Shape>>, at: string): void {
  if (!isObject(value)) throw misfit(at, 'is not an object');
  for (const [name, item] of Object.entries(value)) {
    if (Object.hasOwn(shape, name)) assertShape(item, shape[name] ?? 'text', `${at}.${name}`);
    else if (!Object.hasOwn(shape, `${name}?`)) {
      throw misfit(at, `has a member ${JSON.stringify(name.slice(0, 80))}, which is not known`);
    } else if (item !== null) assertShape(item, shape[`${name}?`] ?? 'text', `${at}.${name}`);
  }
  const absent = Object.keys(shape).find((name) => !name.endsWith('?') && !Object.hasOwn(value, name));
  if (absent !== undefined) throw misfit(at, `has no ${absent}`);
}

function assertScalar(value: unknown, shape: 'text' | 'base64' | 'integer', at: string): void {
  // Protobuf writes 64-bit integers as text.
  if (shape === 'integer' && Number.isSafeInteger(value)) return;
  if (typeof value !== 'string') throw misfit(at, 'is not text');
  if (shape === 'integer' && !/^(?:0|[1-9]\d{0,18})$/.test(value)) throw misfit(at, 'is not an integer');
  if (shape === 'base64') decodeBase64(value, at);
}

function misfit(at: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${at} ${what}`, { subject: 'bundle', rule: 'bundle-shape' });
}
