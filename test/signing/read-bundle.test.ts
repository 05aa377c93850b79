import { beforeAll, describe, expect, it } from 'vitest';
import { payloadDigest } from '../../src/signing/payload-digest.ts';
import { readBundle } from '../../src/signing/read-bundle.ts';
import { canonicalBytes } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import { edited, newKeys, signed, statement } from './bundles.ts';
import type { EditableBundle } from './bundles.ts';

const keys = newKeys();
let text = '';

beforeAll(async () => {
  text = await signed(keys);
});

const logEntry = {
  logIndex: '42',
  logId: { keyId: 'AAAA' },
  kindVersion: { kind: 'dsse', version: '0.0.1' },
  integratedTime: '1746234602',
  inclusionPromise: { signedEntryTimestamp: 'AAAA' },
  inclusionProof: {
    logIndex: '7',
    rootHash: 'AAAA',
    treeSize: '8',
    hashes: ['AAAA'],
    checkpoint: { envelope: 'x' },
  },
  canonicalizedBody: 'AAAA',
};

describe('readBundle', () => {
  it('gives the signed bytes, whose SHA-256 is the digest that attestations point to', () => {
    const bundle = readBundle(text);
    expect(Buffer.from(bundle.payload)).toEqual(Buffer.from(canonicalBytes(statement)));
    expect(payloadDigest(bundle)).toBe(sha256(canonicalBytes(statement)));
  });

  it.each<[string, (bundle: EditableBundle) => void]>([
    [
      'log entries and timestamps',
      ({ verificationMaterial: it }) => {
        it['tlogEntries'] = [logEntry];
        it['timestampVerificationData'] = { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] };
      },
    ],
    ['a certificate', (it) => (it.verificationMaterial = { certificate: { rawBytes: 'AAAA' } })],
    [
      'a certificate chain',
      (it) => (it.verificationMaterial = { x509CertificateChain: { certificates: [{ rawBytes: 'AAAA' }] } }),
    ],
    [
      'the media type of v0.1',
      (it) => (it.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1'),
    ],
    [
      'no keyid',
      (it) => (it.dsseEnvelope.signatures = it.dsseEnvelope.signatures.map(({ sig }) => ({ sig })) as never),
    ],
    ['null for what may be absent', (it) => (it.verificationMaterial['certificate'] = null)],
  ])('accepts %s', (_, edit) => {
    expect(payloadDigest(readBundle(edited(text, edit)))).toBe(sha256(canonicalBytes(statement)));
  });

  it.each<[string, (bundle: EditableBundle) => void]>([
    ['an unknown member', (it) => (it['extra'] = 1)],
    [
      'an unknown member deep inside',
      (it) => (it.verificationMaterial['tlogEntries'] = [{ ...logEntry, extra: 1 }]),
    ],
    ['the snake case that protobuf would read too', (it) => (it['dsse_envelope'] = it.dsseEnvelope)],
    ['a member called constructor', (it) => Object.assign(it, { constructor: {} })],
    ['no envelope', (it) => delete (it as Partial<EditableBundle>).dsseEnvelope],
    ['null for its envelope', (it) => (it.dsseEnvelope = null as never)],
    ['no verification material', (it) => delete (it as Partial<EditableBundle>).verificationMaterial],
    ['material that names nobody', (it) => (it.verificationMaterial = {})],
    ['material that names two', (it) => (it.verificationMaterial['certificate'] = { rawBytes: 'AAAA' })],
    ['no signature', (it) => (it.dsseEnvelope.signatures = [])],
    ['two signatures', (it) => it.dsseEnvelope.signatures.push(...it.dsseEnvelope.signatures)],
    ['an unknown media type', (it) => (it.mediaType += ';version=0.9')],
    ['a signature over a file beside the envelope', (it) => (it['messageSignature'] = {})],
    ['base64 with a line break', (it) => (it.dsseEnvelope.payload += '\n')],
    [
      'base64 with characters that decoders skip',
      (it) => (it.dsseEnvelope.payload = `*${it.dsseEnvelope.payload}`),
    ],
    ['base64 for URLs', (it) => (it.dsseEnvelope.payload = '_-__')],
    ['base64 without its padding', (it) => (it.dsseEnvelope.payload = 'AA')],
    ['base64 with stray bits', (it) => (it.dsseEnvelope.payload = 'AB==')],
    [
      'base64 with stray bits in a log entry',
      (it) => (it.verificationMaterial['tlogEntries'] = [{ ...logEntry, canonicalizedBody: 'AB==' }]),
    ],
    [
      'a number with a fraction in a log entry',
      (it) => (it.verificationMaterial['tlogEntries'] = [{ ...logEntry, logIndex: '1.5' }]),
    ],
    ['an object for text', (it) => (it.dsseEnvelope.payloadType = {} as never)],
    ['an object for a list', (it) => (it.dsseEnvelope.signatures = {} as never)],
  ])('refuses %s', (_, edit) => {
    expect(() => readBundle(edited(text, edit))).toThrow(expect.objectContaining({ code: 'E_MALFORMED' }));
  });

  it.each([
    ['dsseEnvelope', '"dsseEnvelope":{'],
    ['payload', '"payload":"'],
    ['sig', '"sig":"'],
  ])('refuses the member %s twice', (name, start) => {
    const twice = text.replace(start, `"${name}":"",${start}`);
    expect(JSON.parse(twice)).toEqual(JSON.parse(text));
    expect(() => readBundle(twice)).toThrow(expect.objectContaining({ code: 'E_MALFORMED' }));
  });

  it('refuses a member __proto__', () => {
    expect(() => readBundle(text.replace('{', '{"__proto__":{},'))).toThrow(
      expect.objectContaining({ code: 'E_MALFORMED' }),
    );
  });

  it('refuses nesting beyond the limit', () => {
    expect(() => readBundle(`{"a":${'['.repeat(100_000)}`)).toThrow(
      expect.objectContaining({ code: 'E_LIMIT' }),
    );
  });
});
