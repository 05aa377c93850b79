import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { lint } from '../../src/bom/lint.ts';
import { readBom, readDocument } from '../../src/bom/read.ts';
import { serialNumberOf } from '../../src/bom/serial-number.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import { writeBom } from '../../src/bom/write.ts';
import { componentsOf } from '../../src/core/components-of.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { cleanDocument } from './documents.ts';

const clean = canonicalJson(cleanDocument());
const value = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    0,
    -1,
    2 ** 53,
    1e300,
    '',
    '__proto__',
    'urn:cdx:',
    'pkg:',
    'vers:',
    '/~',
    [],
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
);

/** A clean document with some of its values replaced by anything, or some members renamed. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(),
      value,
      rename: fc.option(fc.constantFrom('__proto__', 'components', 'ref', 'x')),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((changes) => {
    const document = cleanDocument();
    for (const { at, value: replacement, rename } of changes) {
      const slots = slotsOf(document);
      const slot = slots[at % slots.length];
      if (slot === undefined) continue;
      const holder = slot.holder as JsonObject;
      if (rename === null || Array.isArray(slot.holder)) holder[slot.name] = structuredClone(replacement);
      else
        Object.defineProperty(holder, rename, {
          value: replacement,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return document;
  });

function slotsOf(document: JsonValue): { holder: object; name: string }[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, child]) => [{ holder: document, name }, ...slotsOf(child)]);
}

async function onlyOurErrors(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isMlbomError(error)) throw error;
  }
}

async function everything(document: JsonObject): Promise<void> {
  await onlyOurErrors(() => lint(document));
  await onlyOurErrors(() => validateSchema(document));
  await onlyOurErrors(() => {
    const bom = readBom(canonicalJson(document), 'b');
    expect([...componentsOf(bom)].length).toBeGreaterThanOrEqual(0);
    serialNumberOf(bom);
    writeBom(toSpecVersion(bom, '1.6').bom);
    writeBom(toSpecVersion(bom, '1.7').bom);
  });
}

describe('hostile documents', () => {
  test('mutated BOMs give findings or our errors', async () => {
    await fc.assert(fc.asyncProperty(mutated, everything), { numRuns: 400 });
  });

  test('any JSON object gives findings or our errors', async () => {
    const any = fc.dictionary(
      fc.constantFrom('components', 'metadata', 'dependencies', 'bomFormat', 'x'),
      value,
    );
    await fc.assert(
      fc.asyncProperty(any, fc.constantFrom('1.6', '1.7'), (document, specVersion) =>
        everything({ ...document, bomFormat: 'CycloneDX', specVersion }),
      ),
      { numRuns: 400 },
    );
  });

  test('a BOM cut off anywhere is malformed', () => {
    for (let end = 0; end < clean.length; end++) {
      expect(() => readDocument(clean.slice(0, end), 'b')).toThrow(
        expect.objectContaining({ code: 'E_MALFORMED' }),
      );
    }
  });

  test('a BOM with any bytes in it is read or refused with our errors', async () => {
    const bytes = fc.record({ at: fc.nat(clean.length), noise: fc.uint8Array({ maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(bytes, ({ at, noise }) => {
        const text = Buffer.from(clean);
        return onlyOurErrors(() =>
          readBom(Buffer.concat([text.subarray(0, at), noise, text.subarray(at)]), 'b'),
        );
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a text that could be any URL', `${'a'.repeat(100_000)}:`],
    ['half a password', `://${'a'.repeat(100_000)}`],
    ['many beginnings', '://a:'.repeat(50_000)],
    ['many parentheses', '('.repeat(4000)],
    ['many operators', 'MIT OR '.repeat(580)],
    ['many constraints', `vers:a/${'>=1|'.repeat(50_000)}`],
    ['many segments', `pkg:generic/${'a/'.repeat(50_000)}`],
  ])('%s is judged, and does not stall', async (_, text) => {
    const document = cleanDocument();
    document['components'] = [
      { type: 'library', name: text, purl: text, versionRange: text, licenses: [{ expression: text }] },
    ];
    // What backtracks or grows with the square would run into the test's own time limit.
    expect(lint(document)).toBeInstanceOf(Array);
    expect(await validateSchema(document)).toBeInstanceOf(Array);
  });

  test('`__proto__` is a member like any other', async () => {
    const document = readDocument(clean.replace('{', '{"__proto__":{"polluted":1},'), 'b');
    expect((await validateSchema(document)).map((finding) => finding.pointer)).toEqual(['/__proto__']);
    const { bom } = toSpecVersion(readBom(canonicalJson(document), 'b'), '1.6');
    expect(writeBom(bom)).toContain('"__proto__":{"polluted":1}');
    expect('polluted' in {}).toBe(false);
  });
});
