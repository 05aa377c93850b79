import { describe, expect, test } from 'vitest';
import { readBom, readDocument } from '../../src/bom/read.ts';
import { limits } from '../../src/core/limits.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { change, cleanDocument } from './documents.ts';

const minimal = '{"bomFormat":"CycloneDX","specVersion":"1.7"}';

describe('readBom', () => {
  test('reads text and bytes, and keeps what it does not know', () => {
    const bytes = Buffer.from(minimal.replace('{', '{"x-new":{"a":[1]},'));
    expect(readBom(bytes, 'b')).toEqual({ 'x-new': { a: [1] }, bomFormat: 'CycloneDX', specVersion: '1.7' });
    expect(readBom(minimal, 'b').specVersion).toBe('1.7');
  });

  test('reads the versions before 1.6 with their own forms of tools and identity', () => {
    const text = `{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"tools":[{"vendor":"x","name":"y"}]},
      "components":[{"type":"library","name":"a","evidence":{"identity":{"field":"purl"}}}]}`;
    expect(readBom(text, 'b').components).toHaveLength(1);
  });

  test.each([
    ['XML', '<?xml version="1.0"?><bom/>', 'E_UNSUPPORTED'],
    ['SPDX', '{"spdxVersion":"SPDX-2.3"}', 'E_UNSUPPORTED'],
    ['2.0', minimal.replace('1.7', '2.0'), 'E_UNSUPPORTED'],
    ['no version', '{"bomFormat":"CycloneDX"}', 'E_UNSUPPORTED'],
    ['another format', minimal.replace('CycloneDX', 'Other'), 'E_MALFORMED'],
    ['no object', '[]', 'E_MALFORMED'],
    ['nothing', '', 'E_MALFORMED'],
    ['a byte order mark', `\ufeff${minimal}`, 'E_MALFORMED'],
    ['XML after a byte order mark', '\ufeff<bom/>', 'E_UNSUPPORTED'],
    ['a name twice', minimal.replace('{', '{"version":1,"version":2,'), 'E_MALFORMED'],
    ['deep nesting', '['.repeat(10_000), 'E_LIMIT'],
  ])('refuses %s', (_, text, code) => {
    expect(() => readBom(text, 'b')).toThrow(expect.objectContaining({ code }));
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(() => readBom(Uint8Array.of(0x7b, 0xff, 0x7d), 'b')).toThrow(
      expect.objectContaining({ code: 'E_MALFORMED' }),
    );
  });

  test('refuses more bytes than its limit', () => {
    const large = new Uint8Array(limits.bomBytes + 1);
    expect(() => readDocument(large, 'b')).toThrow(
      expect.objectContaining({ code: 'E_LIMIT', rule: 'bom-bytes' }),
    );
  });

  test.each([
    ['components', 5],
    ['components', [null]],
    ['components', [{ type: 'file' }]],
    ['components', [{ type: 'file', name: 'a', components: [{ type: 'file', name: 1 }] }]],
    ['components', [{ type: 'file', name: 'a', hashes: [{ alg: 'MD5' }] }]],
    ['components', [{ type: 'file', name: 'a', pedigree: { ancestors: {} } }]],
    ['metadata', []],
    ['dependencies', [{ dependsOn: [] }]],
    ['dependencies', [{ ref: 'a', dependsOn: 'b' }]],
    ['properties', [{ name: 'a', value: 1 }]],
    ['serialNumber', null],
    ['version', '1'],
  ])('refuses a document in which %s is %j', (name, value) => {
    const text = canonicalJson(change(cleanDocument(), [name], value));
    expect(() => readBom(text, 'b')).toThrow(
      expect.objectContaining({ code: 'E_MALFORMED', rule: 'bom-shape' }),
    );
  });

  test('names the place that does not fit', () => {
    const text = canonicalJson(
      change(cleanDocument(), ['components', 1, 'hashes'], [{ alg: 'MD5', content: 1 }]),
    );
    expect(() => readBom(text, 'b')).toThrow('b: /components/1/hashes/0/content must be a string');
  });
});
