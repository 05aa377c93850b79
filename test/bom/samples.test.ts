import { describe, expect, test } from 'vitest';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { lint } from '../../src/bom/lint.ts';
import { readBom, readDocument } from '../../src/bom/read.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import { writeBom } from '../../src/bom/write.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { samples, samplesExist } from './samples.ts';

/** Valid documents that name things they do not hold, or give a bom-ref twice: our errors on them are right. */
const knownErrors: Record<string, string[]> = {
  'valid-attestation': ['MLB-BOM-001'],
  'valid-citations': ['MLB-BOM-002'],
  'valid-cryptography-certificate': ['MLB-BOM-001'],
  'valid-cryptography-certificate-advanced': ['MLB-BOM-001'],
  'valid-cryptography-full': ['MLB-BOM-001', 'MLB-BOM-010'],
  'valid-cryptography-full-deprecated': ['MLB-BOM-001'],
  'valid-evidence': ['MLB-BOM-001'],
  'valid-formulation': ['MLB-BOM-001'],
};

describe.skipIf(!samplesExist).each(['1.6', '1.7'])("the specification's own documents of %s", (version) => {
  const all = samples(version);
  const valid = all.filter(({ name }) => name.startsWith('valid-'));

  test('are there', () => {
    expect(all.length).toBe(version === '1.6' ? 70 : 90);
  });

  test.each(all)('$name is judged as its name says', async ({ name, text }) => {
    const findings = await validateSchema(readDocument(text, name));
    expect(findings.length === 0).toBe(name.startsWith('valid-'));
  });

  test.each(valid)('$name survives reading and writing', ({ name, text }) => {
    const bom = readBom(text, name);
    expect(readBom(writeBom(bom), name)).toEqual(JSON.parse(text));
  });

  test.each(valid)('$name has only the lint errors that are known to be right', ({ name, text }) => {
    const findings = lint(readDocument(text, name)).filter((finding) => finding.severity !== 'info');
    const allowed = knownErrors[name.replace(/(?:-1\.\d)?\.json$/, '')] ?? [];
    expect(findings.filter((finding) => !allowed.includes(finding.rule))).toEqual([]);
  });

  test.each(valid)('$name is valid in the other version too', async ({ name, text }) => {
    const bom = readBom(text, name);
    const before = structuredClone(bom);
    const { bom: converted } = toSpecVersion(bom, version === '1.6' ? '1.7' : '1.6');
    expect(await validateSchema(converted as unknown as JsonObject)).toEqual([]);
    expect(bom).toEqual(before);
  });
});
