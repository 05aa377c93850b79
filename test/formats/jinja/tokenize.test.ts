import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../../src/core/errors.ts';
import { limits } from '../../../src/core/limits.ts';
import { tokenizeJinja, type JinjaPart } from '../../../src/formats/jinja/tokenize.ts';

/** Each part as one line: `= a . b`, `% if x`, `text`. */
function shown(text: string): string[] {
  return tokenizeJinja(text).map((part: JinjaPart) => {
    if (!('tokens' in part)) return part.kind === 'text' ? part.value : `# ${part.value}`;
    const tokens = part.tokens.map(({ kind, value }) => (kind === 'string' ? JSON.stringify(value) : value));
    return [part.kind === 'expression' ? '=' : '%', ...tokens].join(' ');
  });
}

describe('tokenizeJinja', () => {
  it('tells text, comments, expressions and statements apart', () => {
    expect(shown('a {# {{ b }} #}{{ c.d[0] }}\n{%- if e|f -%}g{% endif %}')).toEqual([
      'a ',
      '#  {{ b }} ',
      '= c . d [ 0 ]',
      '\n',
      '% if e | f',
      'g',
      '% endif',
    ]);
  });

  it('ends no block inside of brackets or strings', () => {
    expect(shown("{{ {'a': {'b': '}}'}}['a'] }}c")).toEqual(['= { "a" : { "b" : "}}" } } [ "a" ]', 'c']);
  });

  it.each([
    ['-{{- a -}}-', ['-', '= a', '-']],
    ['{%+ set a = -1 +%}', ['% set a = - 1']],
    ['{{ a // b ** c != \'d\' ~ "e" }}', ['= a // b ** c != "d" ~ "e"']],
    ['{% raw %}{{ a }}{% endraw %}{{ b }}', ['% raw', '{{ a }}', '= b']],
    ['{%- raw -%}{% x %}{%- endraw -%}', ['% raw', '{% x %}']],
    ['{ {a} {', ['{ {a} {']],
    ['{{ größe_1 }}', ['= größe_1']],
    ['{{ 1.5.real }}', ['= 1.5 . real']],
  ])('reads %s', (text, parts) => {
    expect(shown(text)).toEqual(parts);
  });

  it.each([
    [String.raw`\x5f\x5fclass\x5f\x5f`, '__class__'],
    [String.raw`\u005f\U0000005F\137\N{low line}`, '____'],
    [String.raw`a\n\'\"\\b`, 'a\n\'"\\b'],
    [String.raw`\q\N{DIGIT ONE}\U00110000`, String.raw`\q\N{DIGIT ONE}\U00110000`],
    ['a\\\nb', 'ab'],
  ])('reads the escapes of %s as Python does', (literal, value) => {
    expect(shown(`{{ "${literal.replaceAll('"', String.raw`"`)}" }}`)).toEqual([
      `= ${JSON.stringify(value)}`,
    ]);
  });

  it.each(['{{ a', "{{ 'a", '{% raw %}a', '{# a', '{{ a ]) }}b', '{{'])(
    'ends with the template in %s',
    (text) => {
      expect(tokenizeJinja(text)).not.toEqual([]);
    },
  );

  it('says where each token stands', () => {
    const [, part] = tokenizeJinja("ä {{ 'b' in c }}");
    expect(part && 'tokens' in part ? part.tokens.map(({ offset }) => offset) : []).toEqual([5, 9, 12]);
  });

  it('refuses more tokens than any template has', () => {
    try {
      tokenizeJinja(`{{${'+'.repeat(limits.templateTokens + 3)}}}`);
      expect.fail('it was read');
    } catch (error) {
      expect(isMlbomError(error) && error.rule).toBe('jinja-tokens');
    }
  });

  it('takes any text, and accounts for all that is no code', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      "'",
      '"',
      '\\',
      '(',
      ')',
      '[',
      'raw',
      ' ',
      'a',
      '-',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (list) => {
        const text = list.join('');
        for (const part of tokenizeJinja(text)) {
          if ('tokens' in part) continue;
          expect(text.slice(part.offset, part.offset + part.value.length)).toBe(part.value);
        }
      }),
      { numRuns: 500 },
    );
  });
});
