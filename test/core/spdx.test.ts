import { describe, expect, it } from 'vitest';
import { isSpdxExpression, spdxId } from '../../src/core/spdx.ts';

describe('spdxId', () => {
  it.each([
    ['apache-2.0', 'Apache-2.0'],
    [' MIT ', 'MIT'],
    ['GPL-3.0', 'GPL-3.0'],
    ['llama3.1', undefined],
    ['other', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, id) => {
    expect(spdxId(text)).toBe(id);
  });
});

describe('isSpdxExpression', () => {
  it.each(['MIT OR Apache-2.0', '(MIT AND BSD-3-Clause) OR GPL-2.0-only WITH Classpath-exception-2.0'])(
    'takes %j',
    (text) => {
      expect(isSpdxExpression(text)).toBe(true);
    },
  );

  it.each([
    'MIT',
    'MIT, Apache-2.0',
    'mine OR yours',
    'MIT OR',
    'MIT OR Apache-2.0; ask me',
    'MIT\u00a0OR Apache-2.0',
    `MIT${' OR MIT'.repeat(10_000)}`,
    `${'('.repeat(2000)}MIT OR MIT`,
  ])('refuses %j', (text) => {
    expect(isSpdxExpression(text)).toBe(false);
  });
});
