import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../src/core/errors.ts';
import { countDelimited, delimiters, sampleDelimited } from '../../src/formats/text-table/delimited.ts';
import { countLines, sampleJsonLines } from '../../src/formats/text-table/json-lines.ts';

describe('sampleDelimited', () => {
  it.each([
    ['comma', 'id,text\n1,a\n2,b\n', ','],
    ['semicolon', 'id;text\r\n1;a, b\r\n2;c, d\r\n', ';'],
    ['tab', 'id\ttext\n1\ta\n2\tb', '\t'],
    ['bar', 'id|text\n1|a\n2|b', '|'],
  ])('finds the delimiter %s, the names and the types', (_name, text, delimiter) => {
    expect(sampleDelimited(text, true)).toEqual({
      delimiter,
      header: true,
      columns: [
        ['id', 'number'],
        ['text', 'text'],
      ],
    });
  });

  it('calls columns without names by their place', () => {
    expect(sampleDelimited('1,a\n2,b\n', true)).toEqual({
      delimiter: ',',
      header: false,
      columns: [
        ['1', 'number'],
        ['2', 'text'],
      ],
    });
  });

  it('takes delimiters, newlines and quotes inside quotes as text', () => {
    const text = 'id,text\n1,"a, ""b""\nc"\n2,d\n';
    expect(sampleDelimited(text, true)?.columns).toEqual([
      ['id', 'number'],
      ['text', 'text'],
    ]);
    expect(countDelimited(text, ',')).toBe(3);
  });

  it('leaves out a last record that the sample may have cut', () => {
    expect(sampleDelimited('id,n\n1,2\n3,x', false)?.columns).toEqual([
      ['id', 'number'],
      ['n', 'number'],
    ]);
    expect(sampleDelimited('id,n\n1,2\n3,x', true)?.columns[1]).toEqual(['n', 'text']);
  });

  it('makes no table of prose', () => {
    expect(sampleDelimited('', true)).toBeUndefined();
    expect(
      sampleDelimited('a, b\nc\nd, e, f, g\nh\ni, j, k\nl', true)?.columns.length ?? 0,
    ).toBeLessThanOrEqual(1);
  });

  it('counts what was written', () => {
    const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 8 });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, (table) => {
        const text = table
          .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        expect(countDelimited(text, ',')).toBe(table.length);
      }),
    );
  });

  it('ends at any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\t', 'a', '1') }),
        fc.boolean(),
        (text, isWhole) => {
          sampleDelimited(text, isWhole);
          for (const delimiter of delimiters) countDelimited(text, delimiter);
        },
      ),
    );
  });
});

describe('sampleJsonLines', () => {
  it('unites the members of all lines', () => {
    const text = '{"id":1,"text":"a"}\n\n{"id":null,"tags":["x"]}\n{"id":"x"}\n';
    expect(sampleJsonLines(text, true, 'x')).toEqual([
      ['id', 'number|text'],
      ['text', 'text'],
      ['tags', 'list'],
    ]);
    expect(countLines(text)).toBe(3);
  });

  it('leaves out a last line that the sample may have cut', () => {
    expect(sampleJsonLines('{"a":1}\n{"b', false, 'x')).toEqual([['a', 'number']]);
    expect(sampleJsonLines('{"a', false, 'x')).toBeUndefined();
  });

  it('ends in columns or an MlbomError at any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '{', '}', '[', ']', ':', ',', '\n', 'a', '1') }),
        (text) => {
          try {
            sampleJsonLines(text, true, 'x');
            countLines(text);
          } catch (error) {
            if (!isMlbomError(error)) throw error;
          }
        },
      ),
    );
  });
});
