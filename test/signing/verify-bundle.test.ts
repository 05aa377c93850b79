import { sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFromJSON } from '@sigstore/bundle';
import { canonicalBytes, canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import { verdictOf } from '../../src/core/verdict.ts';
import { preAuthEncoding } from '../../src/signing/dsse.ts';
import { keyAlgorithms } from '../../src/signing/key-algorithm.ts';
import { keySigner } from '../../src/signing/key-signer.ts';
import { signStatement } from '../../src/signing/sign-statement.ts';
import { verifyBundle } from '../../src/signing/verify-bundle.ts';
import type { BundleVerification } from '../../src/signing/verify-bundle.ts';
import { accepted, badSignature, badStatement, notABundle } from './bundles.ts';
import { edited, flipped, newKeys, outcomeOf, predicateType, signed, statement } from './bundles.ts';
import type { EditableBundle } from './bundles.ts';

const keys = newKeys();
let text = '';

beforeAll(async () => {
  text = await signed(keys);
});

function verify(bundle: string | Uint8Array): Promise<BundleVerification> {
  return verifyBundle(bundle, { keys: [keys.publicKey] }, { predicateType });
}

describe.each(keyAlgorithms)('a bundle signed with %s', (algorithm) => {
  const own = newKeys(algorithm);

  it('verifies, names its signer and gives back the statement', async () => {
    const others = keyAlgorithms.map((other) => newKeys(other).publicKey);
    const result = await verifyBundle(
      await signed(own),
      { keys: [...others, own.publicKey] },
      { predicateType },
    );
    const { algorithm: kind, fingerprint, hint } = own.publicKey;
    expect(outcomeOf(result)).toBe(accepted);
    expect(verdictOf(result.checks).outcome).toBe('pass');
    expect(result.signer).toEqual({ kind: 'key', algorithm: kind, fingerprint, hint });
    expect(result.statement).toEqual(statement);
    expect(result.payloadDigest).toBe(sha256(canonicalBytes(statement)));
  });

  it('is refused under other keys of every kind, and nothing of it is handed out', async () => {
    const others = keyAlgorithms.map((other) => newKeys(other).publicKey);
    const result = await verifyBundle(await signed(own), { keys: others }, { predicateType });
    expect(outcomeOf(result)).toBe(badSignature);
    expect(verdictOf(result.checks).outcome).toBe('fail');
    expect(Object.keys(result)).toEqual(['checks']);
  });

  it('is refused with any byte of its signature flipped', async () => {
    const bundle = await signed(own);
    const { sig } = (JSON.parse(bundle) as EditableBundle).dsseEnvelope.signatures[0] ?? { sig: '' };
    for (let at = 0; at < Buffer.from(sig, 'base64').length; at++) {
      const result = await verifyBundle(
        bundle.replace(sig, flipped(sig, at)),
        { keys: [own.publicKey] },
        { predicateType },
      );
      expect(outcomeOf(result), `byte ${at}`).toBe(badSignature);
    }
  });
});

describe('signStatement', () => {
  it('gives the same bundle twice with Ed25519', async () => {
    const own = newKeys('ed25519');
    expect(await signed(own)).toBe(await signed(own));
  });

  it('signs the canonical form, whatever the order of members', async () => {
    const own = newKeys('ed25519');
    const { _type, subject, predicate } = statement;
    expect(await signed(own, { predicate, predicateType, subject, _type })).toBe(await signed(own));
  });

  it('writes a bundle v0.3 that @sigstore/bundle reads, with the hint of OpenSSF Model Signing', () => {
    const bundle = bundleFromJSON(JSON.parse(text));
    expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(bundle.verificationMaterial.content).toEqual({
      $case: 'publicKey',
      publicKey: { hint: sha256(keys.publicKey.pem) },
    });
  });

  it('refuses a key whose halves do not belong together', async () => {
    const [ours, theirs] = [newKeys(), newKeys()].map(({ privateKey }) =>
      privateKey.export({ format: 'jwk' }),
    );
    const { createPrivateKey } = await import('node:crypto');
    const mixed = createPrivateKey({
      key: { ...ours, x: theirs?.x ?? '', y: theirs?.y ?? '' },
      format: 'jwk',
    });
    await expect(signStatement(statement, keySigner(mixed))).rejects.toMatchObject({ code: 'E_KEY' });
  });
});

describe('trust', () => {
  it('has no default', async () => {
    await expect(verifyBundle(text, { keys: [] }, { predicateType })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
  });

  it.each([
    ['as cosign writes it', () => Buffer.from(keys.publicKey.fingerprint, 'hex').toString('base64')],
    ['of another key', () => newKeys().publicKey.hint],
    ['that is empty', () => ''],
  ])('rests on the signature, not on a hint %s', async (_, hint) => {
    const bundle = edited(text, ({ verificationMaterial, dsseEnvelope }) => {
      verificationMaterial['publicKey'] = { hint: hint() };
      for (const signature of dsseEnvelope.signatures) signature.keyid = null;
    });
    expect(outcomeOf(await verify(bundle))).toBe(accepted);
  });

  it('says whether a bad signature claims to be of a trusted key', async () => {
    const stranger = (await verify(await signed(newKeys()))).checks[1];
    const tampered = (
      await verify(edited(text, ({ dsseEnvelope: e }) => (e.payload = flipped(e.payload, 20))))
    ).checks[1];
    expect(stranger?.why).not.toBe(tampered?.why);
  });
});

describe('an edited bundle', () => {
  it('is refused with any byte of the payload flipped', async () => {
    const { payload } = (JSON.parse(text) as EditableBundle).dsseEnvelope;
    for (let at = 0; at < Buffer.from(payload, 'base64').length; at++) {
      expect(outcomeOf(await verify(text.replace(payload, flipped(payload, at)))), `byte ${at}`).toBe(
        badSignature,
      );
    }
  });

  it('is refused with another payload type, which is signed too', async () => {
    const bundle = edited(text, ({ dsseEnvelope }) => (dsseEnvelope.payloadType = 'application/json'));
    expect(outcomeOf(await verify(bundle))).toBe(badSignature);
  });

  it.each<[string, (signature: Buffer) => Buffer]>([
    ['a byte after it', (sig) => Buffer.concat([sig, Buffer.from([0])])],
    [
      'a long length, as BER allows',
      (sig) => Buffer.concat([sig.subarray(0, 1), Buffer.from([0x81]), sig.subarray(1)]),
    ],
    ['no bytes at all', () => Buffer.alloc(0)],
    ['zeros for r and s', () => Buffer.from('3006020100020100', 'hex')],
    [
      'a padded integer',
      (sig) => {
        const r = sig.subarray(4, 4 + (sig[3] ?? 0));
        const padded = Buffer.concat([Buffer.from([2, r.length + 1, 0]), r, sig.subarray(4 + r.length)]);
        return Buffer.concat([Buffer.from([0x30, padded.length]), padded]);
      },
    ],
  ])('is refused with an ECDSA signature that has %s', async (_, edit) => {
    const bundle = edited(text, ({ dsseEnvelope }) => {
      for (const signature of dsseEnvelope.signatures) {
        signature.sig = edit(Buffer.from(signature.sig, 'base64')).toString('base64');
      }
    });
    expect(outcomeOf(await verify(bundle))).toBe(badSignature);
  });

  it('is refused when cut off anywhere', async () => {
    for (let length = 0; length < text.length; length++) {
      expect(outcomeOf(await verify(text.slice(0, length))), `${length} characters`).toBe(notABundle);
    }
  });

  it('is never accepted as another statement, whichever byte is flipped', async () => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      const result = await verify(copy);
      if (verdictOf(result.checks).outcome === 'pass') {
        expect(result.statement, `byte ${at}`).toEqual(statement);
        // What carries no meaning: the two names of the key and the minor version of the format.
        expect(unsigned(copy.toString())).toBe(unsigned(text));
      }
    }
  });
});

function unsigned(bundle: string): string {
  return edited(bundle, (it) => {
    it.mediaType = '';
    it.verificationMaterial['publicKey'] = {};
    for (const signature of it.dsseEnvelope.signatures) signature.keyid = '';
  });
}

describe('whatever is given as a bundle', () => {
  it('ends in failed checks: random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(outcomeOf(await verify(bytes))).toBe(notABundle);
      }),
    );
  });

  it('ends in failed checks: random JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), async (json) => {
        expect(outcomeOf(await verify(json))).toBe(notABundle);
      }),
    );
  });

  it('ends in failed checks: a real one with a random value in place of one of its own', async () => {
    const paths = pathsOf(JSON.parse(text));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const bundle = JSON.stringify(replaced(JSON.parse(text), path, value));
        const result = await verify(bundle);
        if (verdictOf(result.checks).outcome === 'pass') expect(result.statement).toEqual(statement);
        else expect(verdictOf(result.checks).outcome).toBe('fail');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a well-signed payload', () => {
  async function judged(
    payload: string | Uint8Array,
    type = 'application/vnd.in-toto+json',
  ): Promise<string> {
    const bytes = Buffer.from(payload);
    const signature = sign('sha256', preAuthEncoding(type, bytes), keys.privateKey);
    const bundle = edited(text, ({ dsseEnvelope }) => {
      dsseEnvelope.payload = bytes.toString('base64');
      dsseEnvelope.payloadType = type;
      dsseEnvelope.signatures = [{ sig: signature.toString('base64'), keyid: null }];
    });
    return outcomeOf(await verify(bundle));
  }

  const subject = statement.subject[0];
  const many = (count: number, each: object): object[] => Array.from({ length: count }, () => each);

  it('passes as it is, and with other digests and fields that in-toto knows', async () => {
    expect(await judged(JSON.stringify(statement))).toBe(accepted);
    const rich = { ...subject, digest: { ...subject?.digest, gitCommit: 'ff' }, mediaType: 'text/plain' };
    expect(await judged(JSON.stringify({ ...statement, subject: many(1024, rich) }))).toBe(accepted);
  });

  it.each<[string, object]>([
    ['another statement version', { _type: 'https://in-toto.io/Statement/v0.1' }],
    ['another predicate type', { predicateType: `${predicateType}/more` }],
    ['no predicate type', { predicateType: undefined }],
    ['a predicate that is no object', { predicate: [] }],
    ['an unknown member', { extra: 1 }],
    ['no subject', { subject: [] }],
    ['subjects that are no list', { subject: {} }],
    ['1,025 subjects', { subject: many(1025, { ...subject }) }],
    ['a subject without a SHA-256', { subject: [{ name: 'x', digest: { sha1: 'ab'.repeat(20) } }] }],
    ['a subject whose SHA-256 is short', { subject: [{ name: 'x', digest: { sha256: 'ab' } }] }],
    [
      'a subject whose SHA-256 is in capitals',
      { subject: [{ name: 'x', digest: { sha256: 'AB'.repeat(32) } }] },
    ],
    ['a second subject without a digest', { subject: [subject, { name: 'x' }] }],
    ['a subject without a name', { subject: [{ digest: subject?.digest }] }],
    ['a subject with an unknown member', { subject: [{ ...subject, extra: 1 }] }],
    ['a digest that is no text', { subject: [{ name: 'x', digest: { ...subject?.digest, sha512: 1 } }] }],
    [
      '33 digests',
      {
        subject: [
          {
            name: 'x',
            digest: {
              ...subject?.digest,
              ...Object.fromEntries(many(32, {}).map((_, i) => [`a${i}`, 'ff'])),
            },
          },
        ],
      },
    ],
  ])('fails as a statement with %s', async (_, change) => {
    expect(await judged(JSON.stringify({ ...statement, ...change }))).toBe(badStatement);
  });

  it('fails as a statement with a member twice, even when both say the same', async () => {
    const twice = canonicalJson(statement).replace('{', `{"predicateType":${JSON.stringify(predicateType)},`);
    expect(JSON.parse(twice)).toEqual(statement);
    expect(await judged(twice)).toBe(badStatement);
  });

  it.each([
    ['a member __proto__', canonicalJson(statement).replace('{', '{"__proto__":{"predicate":{}},')],
    [
      'nesting beyond the limit',
      canonicalJson(statement).replace('"héllo"', '['.repeat(500) + ']'.repeat(500)),
    ],
    ['text after it', `${canonicalJson(statement)} {}`],
    ['no bytes that are UTF-8', Buffer.from(canonicalJson(statement), 'latin1')],
    ['a list', '[]'],
  ])('fails as a statement when it is or has %s', async (_, payload) => {
    expect(await judged(payload)).toBe(badStatement);
  });

  it('fails as a statement when it is signed as something else', async () => {
    expect(await judged(canonicalJson(statement), 'text/plain')).toBe(badStatement);
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, at: Path = []): Path[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [at, ...entries.flatMap(([name, item]) => pathsOf(item, [...at, name]))];
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const holder = copy as Record<string | number, unknown>;
  holder[first] = replaced(holder[first], rest, by);
  return copy;
}
