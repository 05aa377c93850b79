import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../src/core/errors.ts';
import { limits } from '../../src/core/limits.ts';
import { parseYaml } from '../../src/formats/yaml.ts';
import { refusal } from '../fixtures/hostile-bytes.ts';

const read = (text: string): Promise<unknown> => parseYaml(text, 'card');

describe('parseYaml', () => {
  it('reads a card as JSON would say it', async () => {
    const text = `license: apache-2.0
language: [en, no]
datasets:
  - example/tickets
version: 1.10
count: 0x10
when: 2026-01-31
big: 12345678901234567890
none: ~
not: .nan
on: yes
text: |
  two
  lines
&a anchor: &b [1]
again: *b
`;
    await expect(read(text)).resolves.toEqual({
      license: 'apache-2.0',
      language: ['en', 'no'],
      datasets: ['example/tickets'],
      version: 1.1,
      count: 16,
      when: '2026-01-31',
      big: 12345678901234567000,
      none: null,
      not: 'NaN',
      on: 'yes',
      text: 'two\nlines\n',
      anchor: [1],
      again: [1],
    });
  });

  it('reads what JSON.stringify writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const json = JSON.stringify(value);
        await expect(read(json)).resolves.toEqual(JSON.parse(json));
      }),
    );
  });

  it('keeps __proto__ as an ordinary key', async () => {
    const value = (await read('__proto__:\n  polluted: true\nconstructor: 1\n')) as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n'],
    ['a key twice, once as a number', '1: a\n"1": b\n'],
    ['a key twice in a list of maps', '- {a: 1, a: 2}\n'],
    ['a list as a key', '? [a]\n: 1\n'],
    ['an alias as a key', '- &a b\n- { *a : 1 }\n'],
    ['an alias of nothing', 'a: *b\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a flow that does not end', 'a: [1, 2\n'],
    ['a tab as indentation', 'a:\n\t- b\n'],
    ['half a character', 'a: "\\ud800"\n'],
  ])('refuses %s', async (_, text) => {
    await expect(refusal(read(text))).resolves.toBe('E_MALFORMED yaml');
  });

  it.each([
    ['a tag of JavaScript', 'a: !!js/function "function () { throw 1 }"\n'],
    ['a tag of Python', 'a: !!python/object/apply:os.system ["true"]\n'],
    ['a binary tag', 'a: !!binary aGk=\n'],
    ["a tag of one's own", 'a: !mine {b: 1}\n'],
  ])('makes plain values of %s', async (_, text) => {
    const value = (await read(text)) as Record<string, unknown>;
    expect(JSON.stringify(value)).toMatch(/^\{"a":/);
    expect(typeof value['a']).not.toBe('function');
  });

  const deep = 100_000;
  it.each([
    ['brackets', '['.repeat(deep)],
    ['braces', '{a: '.repeat(deep)],
    ['brackets that end', `${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['a block sequence on one line', `${'- '.repeat(deep)}a`],
    ['explicit keys on one line', `${'? '.repeat(deep)}a`],
    ['indentation', nestedBlocks(1500)],
    ['sequences by indentation', nestedSequences(1500)],
  ])('refuses %s that nest deeper than anybody writes', async (_, text) => {
    await expect(refusal(read(text))).resolves.toMatch(/^E_LIMIT yaml-depth|^E_MALFORMED yaml/);
  });

  it.each([
    ['an exponential bomb', bomb(12)],
    ['a large list, many times', `a: &a [${'1,'.repeat(100_000)}1]\nb: [${'*a,'.repeat(90)}*a]\n`],
  ])('refuses %s of aliases', async (_, text) => {
    await expect(refusal(read(text))).resolves.toMatch(/^E_LIMIT yaml-values|^E_MALFORMED yaml/);
  });

  it('reads as many keys as the largest card can hold', async () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`).join('\n');
    expect(keys.length).toBeGreaterThan(limits.frontMatterBytes);
    expect(Object.keys((await read(keys)) as object)).toHaveLength(50_000);
  });

  it('ends random text in a value or an MlbomError', async () => {
    const words = fc.constantFrom(
      ...[
        'a',
        'b: ',
        '- ',
        '? ',
        ': ',
        '\n',
        '\n  ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '&x ',
        '*x',
        '!!str ',
        '!',
        '|\n',
        '>-\n',
        '"',
        "'",
        '#',
        '%',
        '@',
        '---\n',
        '...\n',
        '\t',
        '<<: ',
        '\\',
        '\u0000',
        '\ufeff',
        '0x',
        '.inf',
        '~',
        '\ud800',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 40 }), async (parts) => {
        try {
          JSON.stringify(await read(parts.join('')));
        } catch (error) {
          if (!isMlbomError(error)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function nestedBlocks(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
}

function nestedSequences(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}-\n`).join('');
}

function bomb(levels: number): string {
  const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < levels; level++) {
    lines.push(
      `l${level}: &l${level} [${Array(9)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
    );
  }
  return lines.join('\n');
}

describe('YAML that costs more than it says is refused before it is parsed:', () => {
  it.each([
    [
      'anchors, each aliased once',
      `a: [${Array.from({ length: 5000 }, (_, i) => `&x${i} 1,*x${i}`).join(' ,')}]\n`,
    ],
    ['commas', `a: [${','.repeat(400_000)}]\n`],
    ['line breaks in a string', `a: "${'a\n'.repeat(200_000)}"\n`],
  ])('%s', async (_, text) => {
    await expect(refusal(read(text))).resolves.toMatch(/^E_LIMIT yaml-(?:aliases|size)/);
  });
});
