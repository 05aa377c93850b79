import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPublicKey } from '../../src/signing/read-key.ts';
import { verifyBundle } from '../../src/signing/verify-bundle.ts';
import type { BundleVerification } from '../../src/signing/verify-bundle.ts';
import { accepted, badSignature, badStatement, newKeys, outcomeOf } from './bundles.ts';

/** Signatures that OpenSSF Model Signing's own releases made and published. */
const published = new URL('../../../shared/samples/oms/published/', import.meta.url);
const vectors = new URL('../../../shared/samples/oms/spec/test-vectors/v1.0/', import.meta.url);
const absent = !existsSync(published);
if (absent) console.log('skipped: no published OMS signatures at ../shared/samples/oms');

const predicateType = 'https://model_signing/signature/v1.0';

function verify(file: URL, type = predicateType): Promise<BundleVerification> {
  const key = readPublicKey(readFileSync(new URL('keys/certificate/signing-key-pub.pem', published)));
  return verifyBundle(readFileSync(file), { keys: [key] }, { predicateType: type });
}

describe.skipIf(absent)('signatures published by OpenSSF Model Signing', () => {
  it.each(['v0.3.1', 'v1.0.0', 'v1.0.1', 'v1.1.0'])('%s with a P-384 key verifies', async (version) => {
    const result = await verify(new URL(`${version}-elliptic-key/model.sig`, published));
    expect(outcomeOf(result)).toBe(accepted);
    expect(result.checks[2]?.why).not.toContain('hint');
  });

  it.each(['v0.3.1', 'v1.0.0', 'v1.0.1', 'v1.1.0'])(
    '%s with a certificate verifies by its key',
    async (version) => {
      expect(outcomeOf(await verify(new URL(`${version}-certificate/model.sig`, published)))).toBe(accepted);
    },
  );

  it.each(['v0.3.1', 'v1.0.0', 'v1.0.1', 'v1.1.0'])(
    '%s by Sigstore is read, and made by no trusted key',
    async (version) => {
      expect(outcomeOf(await verify(new URL(`${version}-sigstore/model.sig`, published)))).toBe(badSignature);
    },
  );

  it('v0.2.0 is refused: it signed something else than DSSE says', async () => {
    expect(outcomeOf(await verify(new URL('v0.2.0-certificate/model.sig', published)))).toBe(badSignature);
  });

  it('is refused under another key, and as another kind of statement', async () => {
    const file = new URL('v1.1.0-elliptic-key/model.sig', published);
    const other = { keys: [newKeys('ecdsa-p384').publicKey] };
    expect(outcomeOf(await verifyBundle(readFileSync(file), other, { predicateType }))).toBe(badSignature);
    expect(outcomeOf(await verify(file, 'https://cyclonedx.org/bom'))).toBe(badStatement);
  });
});

describe.skipIf(absent)("the specification's vectors", () => {
  it('valid ones are read, whoever signed them', async () => {
    for (const name of ['key', 'certificate', 'sigstore']) {
      const { checks } = await verify(new URL(`valid/${name}.bundle.json`, vectors));
      expect(checks[0], name).toMatchObject({ id: 'bundle', outcome: 'pass' });
    }
  });

  it('invalid ones are not', async () => {
    for (const name of ['empty', 'missing-envelope', 'missing-verification-material']) {
      const { checks } = await verify(new URL(`invalid/${name}.bundle.json`, vectors));
      expect(checks[0], name).toMatchObject({ id: 'bundle', outcome: 'fail' });
    }
  });
});
