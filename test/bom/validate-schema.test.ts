import { describe, expect, test } from 'vitest';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { change, cleanDocument } from './documents.ts';

async function judged(path: (string | number)[], value: unknown) {
  const findings = await validateSchema(change(cleanDocument(), path, value));
  return findings.map(({ pointer, message, fix }) => `${pointer}: ${message}; ${fix}`);
}

describe('validateSchema', () => {
  test('reports everything at once, with the place and the way out', async () => {
    const document = change(cleanDocument(), ['components', 1], {
      type: 'libary',
      hashs: [],
      licenses: [{ license: { id: 'mit' } }],
    } satisfies JsonValue);
    change(document, ['metadata', 'timestamp'], 'yesterday');
    const findings = await validateSchema(document);
    expect(findings.map(({ id, pointer, fix }) => [id, pointer, fix]).sort()).toEqual([
      ['schema', '/components/1', 'add it'],
      ['schema', '/components/1/hashs', 'remove it, or write "hashes"'],
      ['schema', '/components/1/licenses/0/license/id', 'write MIT'],
      ['schema', '/components/1/type', 'write library'],
      ['schema', '/metadata/timestamp', 'write it as 2026-01-31T12:00:00Z'],
    ]);
  });

  test.each([
    [
      'both an id and a name',
      ['metadata', 'component', 'licenses', 0, 'license', 'name'],
      'MIT',
      '/metadata/component/licenses/0/license: has id and name; only one of them may stand; remove one of them',
    ],
    [
      'neither an id nor a name',
      ['metadata', 'component', 'licenses', 0, 'license'],
      {},
      '/metadata/component/licenses/0/license: needs id or name; add id or name',
    ],
    [
      'neither of two types',
      ['metadata', 'tools'],
      5,
      '/metadata/tools: is number, not object or array; give a value of type object or array',
    ],
    [
      'the form that was meant',
      ['metadata', 'component', 'modelCard', 'modelParameters', 'datasets', 0, 'ref'],
      1,
      '/metadata/component/modelCard/modelParameters/datasets/0/ref: is number, not string; give a value of type string',
    ],
    [
      'a version beside a version range',
      ['components', 2, 'version'],
      '9.1',
      '/components/2: version and versionRange may not stand together; remove one of them',
    ],
    [
      'a URL with a space',
      ['metadata', 'component', 'externalReferences', 0, 'url'],
      'https://example.org/a b',
      '/metadata/component/externalReferences/0/url: is not a URL (RFC 3987); percent-encode spaces, quotes, <, >, \\, ^, `, {, | and }',
    ],
    [
      'two equal components',
      ['components', 3],
      { type: 'library', version: '2.9.0', name: 'torch', 'bom-ref': 'torch', purl: 'pkg:pypi/torch@2.9.0' },
      '/components/3: is the same as an earlier item; remove one of them',
    ],
  ] as [string, (string | number)[], unknown, string][])(
    'says %s in one finding',
    async (_, path, value, finding) => {
      expect(await judged(path, value)).toEqual([finding]);
    },
  );

  test.each([
    '2026-02-29T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00:00',
    '',
  ])('refuses the time "%s"', async (time) => {
    expect(await judged(['metadata', 'timestamp'], time)).toHaveLength(1);
  });

  test.each(['2024-02-29T23:59:60Z', '2026-01-31t12:00:00.123456789-08:00'])(
    'accepts the time %s',
    async (time) => {
      expect(await judged(['metadata', 'timestamp'], time)).toEqual([]);
    },
  );

  test.each(['a@b', '"a b"@example.org', 'ünï@exämple.org'])('accepts the address %s', async (email) => {
    expect(await judged(['metadata', 'authors'], [{ email }])).toEqual([]);
  });

  test.each(['a', '@b', 'a@', 'a b@example.org', 'a@b c'])('refuses the address "%s"', async (email) => {
    expect(await judged(['metadata', 'authors'], [{ email }])).toHaveLength(1);
  });

  test('refuses other versions', async () => {
    await expect(validateSchema(change(cleanDocument(), ['specVersion'], '1.5'))).rejects.toMatchObject({
      code: 'E_UNSUPPORTED',
    });
    await expect(validateSchema(change(cleanDocument(), ['specVersion'], '__proto__'))).rejects.toMatchObject(
      {
        code: 'E_UNSUPPORTED',
      },
    );
  });

  test.each([undefined, 1.7, null])('finds that specVersion is %s', async (version) => {
    const findings = await validateSchema(change(cleanDocument(), ['specVersion'], version));
    expect(findings.map((finding) => finding.pointer)).toEqual(['/specVersion']);
  });

  test('judges 20,000 broken components and two million broken items in bounded time and memory', async () => {
    const components = Array.from({ length: 20_000 }, (_, i) => ({
      type: 'file',
      name: `f${i}`,
      wrong: true,
    }));
    const findings = await validateSchema({ bomFormat: 'CycloneDX', specVersion: '1.7', components });
    expect(findings.length).toBeGreaterThan(100);
    expect(findings.length).toBeLessThanOrEqual(1000);
    const hostile: JsonObject = {
      bomFormat: 'CycloneDX',
      specVersion: '1.7',
      components: new Array(2e6).fill(1),
    };
    expect((await validateSchema(hostile)).length).toBeLessThanOrEqual(1001);
  });
});
