import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import { writeBom } from '../../src/bom/write.ts';
import type { Bom } from '../../src/core/bom.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { change, cleanDocument } from './documents.ts';

const versions = { '1.6': Spec.Version.v1dot6, '1.7': Spec.Version.v1dot7 } as const;

async function theirs(bom: Bom, version: '1.6' | '1.7'): Promise<boolean> {
  return (await new Validation.JsonStrictValidator(versions[version]).validate(writeBom(bom))) === null;
}

test.each(['1.6', '1.7'] as const)(
  "the library's validator agrees on a valid document of %s",
  async (version) => {
    const { bom } = toSpecVersion(cleanDocument() as unknown as Bom, version);
    expect(await validateSchema(bom as unknown as JsonObject)).toEqual([]);
    expect(await theirs(bom, version)).toBe(true);
  },
);

test.each([
  ['an unknown member', ['components', 0, 'wrong'], true],
  ['a missing name', ['components', 0, 'name'], undefined],
  ['a wrong time', ['metadata', 'timestamp'], 'yesterday'],
  ['an unknown licence', ['metadata', 'component', 'licenses', 0, 'license', 'id'], 'llama3.1'],
  ['a wrong address', ['metadata', 'authors'], [{ email: 'nobody' }]],
  ['a citation by nobody', ['citations', 0], { pointers: ['/version'], timestamp: '2026-01-31T12:00:00Z' }],
] as [string, (string | number)[], unknown][])(
  "the library's validator agrees on %s",
  async (_, path, value) => {
    const document = change(cleanDocument(), path, value);
    expect(await validateSchema(document)).not.toEqual([]);
    expect(await theirs(document as unknown as Bom, '1.7')).toBe(false);
  },
);
