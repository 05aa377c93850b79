import { describe, expect, test } from 'vitest';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { lint } from '../../src/bom/lint.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import type { Bom } from '../../src/core/bom.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { change, cleanDocument } from './documents.ts';

function to16(path: (string | number)[], value: unknown) {
  return toSpecVersion(change(cleanDocument(), path, value) as unknown as Bom, '1.6');
}

describe('toSpecVersion', () => {
  test('drops what 1.6 does not have, says so, and leaves a valid and clean document', async () => {
    const { bom, lost } = toSpecVersion(cleanDocument() as unknown as Bom, '1.6');
    expect(lost.map((loss) => loss.pointer)).toEqual([
      '/components/2/isExternal',
      '/components/2/versionRange',
      '/citations',
    ]);
    expect(bom).toMatchObject({
      specVersion: '1.6',
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    });
    expect(await validateSchema(bom as unknown as JsonObject)).toEqual([]);
    expect(lint(bom as unknown as JsonObject)).toEqual([]);
  });

  test('keeps the properties of an external reference as its comment', () => {
    const { bom, lost } = to16(['metadata', 'component', 'externalReferences', 0], {
      type: 'patent',
      url: 's3://acme/model/',
      comment: 'replica',
      properties: [{ name: 'region', value: 'eu-central-1' }, { name: 'checked' }],
    });
    expect(bom.metadata?.component?.externalReferences).toEqual([
      {
        type: 'other',
        url: 's3://acme/model/',
        comment: 'replica (type: patent) (region=eu-central-1; checked=)',
      },
    ]);
    expect(lost.map((loss) => loss.pointer)).toContain('/metadata/component/externalReferences/0/properties');
  });

  test('leaves out a hash of an algorithm that 1.6 does not have', () => {
    const hashes = [
      { alg: 'Streebog-256', content: 'b'.repeat(64) },
      { alg: 'MD5', content: 'b'.repeat(32) },
    ];
    const { bom } = to16(['metadata', 'component', 'hashes'], hashes);
    expect(bom.metadata?.component?.hashes).toEqual([hashes[1]]);
  });

  test('turns an expression among licences into a name', () => {
    const { bom, lost } = to16(
      ['metadata', 'component', 'licenses'],
      [{ license: { id: 'MIT' } }, { expression: 'MIT OR Apache-2.0', acknowledgement: 'declared' }],
    );
    expect(bom.metadata?.component?.licenses).toEqual([
      { license: { id: 'MIT' } },
      { license: { name: 'MIT OR Apache-2.0', acknowledgement: 'declared' } },
    ]);
    expect(lost.map((loss) => loss.pointer)).toContain('/metadata/component/licenses/1');
  });

  test('loses nothing on the way to 1.7 but an enveloped signature', () => {
    const document = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 2,
      signature: { algorithm: 'ES256', value: '' },
    };
    const { bom, lost } = toSpecVersion(document as unknown as Bom, '1.7');
    expect(bom).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.7', version: 2 });
    expect(lost.map((loss) => loss.pointer)).toEqual(['/signature']);
  });

  test('returns a BOM of that version as it is', () => {
    const bom = cleanDocument() as unknown as Bom;
    expect(toSpecVersion(bom, '1.7')).toEqual({ bom, lost: [] });
  });
});
