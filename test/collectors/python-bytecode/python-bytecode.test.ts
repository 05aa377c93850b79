import { expect, it } from 'vitest';
import { pythonBytecode } from '../../../src/collectors/python-bytecode/index.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { files } from './example.ts';

it.each([
  [0, []],
  [1, ['MLB-COD-008']],
  [3, []],
])('with the flags %i is %j', async (flags, rules) => {
  const bytes = Buffer.from(Object.values(files)[0] as Uint8Array);
  bytes[4] = flags;
  const { findings } = await pythonBytecode.collect(memoryEntry('a.pyc', bytes));
  expect(findings.map(({ rule }) => rule)).toEqual(rules);
});
