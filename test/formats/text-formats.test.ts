import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/core/entry.ts';
import { parseDeb822 } from '../../src/formats/deb822.ts';
import { parseTextProto } from '../../src/formats/text-proto.ts';
import { parseToml } from '../../src/formats/toml.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

describe('parseDeb822', () => {
  it('reads paragraphs, fields that go on, and comments', () => {
    const text = 'A: 1\r\nLong: first\n second\n .\n\tthird\n# no\nb:2\n\n \n\nA: 3';
    expect(Array.from(parseDeb822(text, 's'), (stanza) => Object.fromEntries(stanza))).toEqual([
      { a: '1', long: 'first\nsecond\n.\nthird', b: '2' },
      { a: '3' },
    ]);
  });

  it.each([' a: 1', 'no field', 'A: 1\na: 2', ': 1'])('refuses %j', async (text) => {
    expect(await refusal(read(text))).toBe('E_MALFORMED deb822');
  });

  survivesHostileBytes(of(read), Buffer.from('Package: a\nDepends: b,\n c\n\nPackage: d\n'), {
    refusesEveryTruncation: false,
  });

  function read(text: string): Promise<unknown> {
    return Promise.resolve(text).then((given) => [...parseDeb822(given, 's')]);
  }
});

describe('parseTextProto', () => {
  it('reads scalars, messages, lists and comments', () => {
    const text = `name: "a\\"b" 'c' # comment
      input [ { name: "x", dims: [ -1, 8 ] }, < dims: 2 > ] on: true; nested { e: TYPE_FP32 }`;
    expect(parseTextProto(text, 's')).toEqual([
      { name: 'name', value: 'a"bc' },
      {
        name: 'input',
        value: [
          { name: 'name', value: 'x' },
          { name: 'dims', value: '-1' },
          { name: 'dims', value: '8' },
        ],
      },
      { name: 'input', value: [{ name: 'dims', value: '2' }] },
      { name: 'on', value: 'true' },
      { name: 'nested', value: [{ name: 'e', value: 'TYPE_FP32' }] },
    ]);
  });

  it.each([
    ['a', 'text-proto-value'],
    ['a: [1', 'text-proto-value'],
    ['a { b: 1', 'text-proto-field'],
    ['a: "b', 'text-proto'],
    ['{ }', 'text-proto-field'],
  ])('refuses %j', async (text, rule) => {
    expect(await refusal(read(text))).toBe(`E_MALFORMED ${rule}`);
  });

  it('bounds the nesting and the amount', async () => {
    expect(await refusal(read('a{'.repeat(1000)))).toBe('E_LIMIT text-proto-depth');
    expect(await refusal(read('a:1 '.repeat(200_000)))).toBe('E_LIMIT text-proto-size');
    expect(parseTextProto(`a: [${'1,'.repeat(200_000)}]`, 's')).toHaveLength(200_000);
  });

  survivesHostileBytes(of(read), Buffer.from('name: "a" input [ { dims: [ 1, 2 ] } ]'), {
    refusesEveryTruncation: false,
  });

  function read(text: string): Promise<unknown> {
    return Promise.resolve(text).then((given) => parseTextProto(given, 's'));
  }
});

describe('parseToml', () => {
  it('reads a document', async () => {
    expect(await read('a = 1\n[[b]]\nc = "x"\n__proto__ = "own"')).toMatchObject({ a: 1, b: [{ c: 'x' }] });
    expect(Object.prototype).not.toHaveProperty('own');
  });

  it('refuses nesting, bulk and what is no TOML', async () => {
    expect(await refusal(read(`a = ${'['.repeat(10_000)}`))).toBe('E_MALFORMED toml');
    expect(await refusal(read(`a = [${','.repeat(8_000_001)}]`))).toBe('E_LIMIT toml-size');
    expect(await refusal(read('a = 1\na = 2'))).toBe('E_MALFORMED toml');
  });

  it.each(['[a.', '"', "'''", 'a.', '#', '[[', '\\', 'a = """', '{'])(
    'ends soon with many %j',
    async (part) => {
      await read(part.repeat(50_000)).catch(() => undefined);
      await read(`a = ${part.repeat(50_000)}`).catch(() => undefined);
      await read(`${part}\n`.repeat(50_000)).catch(() => undefined);
    },
  );

  survivesHostileBytes(of(read), Buffer.from('[[package]]\nname = "a"\nwheels = [{hash = "b"}]\n'), {
    refusesEveryTruncation: false,
  });

  function read(text: string): Promise<unknown> {
    return parseToml(text, 's');
  }
});

function of(read: (text: string) => Promise<unknown>) {
  return async (source: ByteSource): Promise<unknown> =>
    read(Buffer.from(await source.read({ offset: 0, length: source.size })).toString('latin1'));
}
