import { expect, it } from 'vitest';
import type { ByteSource } from '../../src/core/entry.ts';
import { readMsgpack } from '../../src/formats/msgpack.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeMsgpack } from '../fixtures/msgpack-writer.ts';

async function readAllValues(source: ByteSource): Promise<unknown[]> {
  const values = [];
  for await (const value of readMsgpack(source)) values.push(value);
  return values;
}

const valid = writeMsgpack({
  map: { a: ['x', 7, { ext: 1, data: Buffer.from('data') }], b: Buffer.from('raw') },
});

it('names each value by the way to it, and passes over payloads', async () => {
  expect(await readAllValues(memorySource(valid))).toMatchObject([
    { path: ['a', '0'], value: { text: 'x' } },
    { path: ['a', '1'], value: { text: '7' } },
    { path: ['a', '2'], value: { kind: 'bytes', type: 1, length: 4 } },
    { path: ['b'], value: { kind: 'bytes', length: 3 } },
  ]);
});

it('refuses what is nested deeper than anybody nests', async () => {
  expect(await refusal(readAllValues(memorySource(Buffer.alloc(1000, 0x91))))).toBe('E_LIMIT msgpack-limit');
});

survivesHostileBytes(readAllValues, valid, { refusesEveryTruncation: true });
