import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../src/stores/registry/challenges.ts';

function read(...fields: string[]): [string, Record<string, string>][] {
  return parseChallenges(fields).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe('challenges', () => {
  it('have quoted parameters, in which commas and quotes may stand', () => {
    const field =
      'Bearer realm="https://auth.example.org/token",service="a \\"b\\"",scope="repository:a/b:pull,push"';
    expect(read(field)).toEqual([
      [
        'bearer',
        { realm: 'https://auth.example.org/token', service: 'a "b"', scope: 'repository:a/b:pull,push' },
      ],
    ]);
  });

  it('may be several, in one field and in several', () => {
    expect(read('Negotiate, Basic realm="a", Bearer REALM=b , service = c', 'NTLM dG9rZW4=')).toEqual([
      ['negotiate', {}],
      ['basic', { realm: 'a' }],
      ['bearer', { realm: 'b', service: 'c' }],
      ['ntlm', {}],
    ]);
  });

  it('keep the first of two equal parameters', () => {
    expect(read('Bearer realm="a",realm="b"')).toEqual([['bearer', { realm: 'a' }]]);
  });

  it('end where a field stops following its grammar', () => {
    expect(read('Basic realm="a", Bearer realm="unfinished')).toEqual([['basic', { realm: 'a' }]]);
    expect(read('Bearer realm="a" Basic realm="b"')).toEqual([]);
    expect(read('', '===', '"')).toEqual([]);
  });

  it('are read back as they were written', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
    const challenge = fc.tuple(
      name,
      fc.dictionary(name, fc.string({ maxLength: 20 }), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    );
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 5 }), (challenges) => {
        const field = challenges
          .map(([scheme, parameters]) => {
            const written = Object.entries(parameters).map(
              ([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`,
            );
            return `${scheme} ${written.join(', ')}`;
          })
          .join(', ');
        expect(read(field)).toEqual(challenges);
      }),
    );
  });

  it('never throw, and never are more than their text holds', () => {
    const hostile = fc
      .array(fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'a', 'realm="x"', '\0', 'é'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), hostile), { maxLength: 4 }), (fields) => {
        expect(parseChallenges(fields).length).toBeLessThanOrEqual(fields.join('').length);
      }),
    );
    const long = 'a '.repeat(500_000);
    expect(parseChallenges([long, `Bearer ${'a=b,'.repeat(100_000)}`, '"'.repeat(1_000_000)])).toEqual([]);
  });
});
