import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readSafetensorsIndex } from '../../src/formats/safetensors-index.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const valid =
  '{"metadata":{"total_size":8},"weight_map":{"a":"m-1-of-2.safetensors","__proto__":"m-2-of-2.safetensors"}}';

describe('readSafetensorsIndex', () => {
  it('maps every tensor to its shard', async () => {
    const index = await read(valid);
    expect([...index.weightMap]).toEqual([
      ['a', 'm-1-of-2.safetensors'],
      ['__proto__', 'm-2-of-2.safetensors'],
    ]);
    expect(index.metadata).toEqual({ total_size: 8 });
  });

  it('does without metadata', async () => {
    expect((await read('{"weight_map":{}}')).metadata).toEqual({});
  });

  it.each(['../m', '/m', 'a\\\\m', '..', 'C:m', 'm\\u0000'])(
    'refuses the shard "%s", which leaves the directory',
    async (shard) => {
      expect(await refusal(read(`{"weight_map":{"a":"${shard}"}}`))).toBe(
        'E_MALFORMED safetensors-index-shard-escapes',
      );
    },
  );

  it.each(['a/m', '.', ''])('refuses the shard "%s", which is no file beside the index', async (shard) => {
    expect(await refusal(read(`{"weight_map":{"a":"${shard}"}}`))).toBe(
      'E_MALFORMED safetensors-index-shard',
    );
  });

  it.each([
    ['{}', 'E_MALFORMED safetensors-index-weight-map'],
    ['{"weight_map":[]}', 'E_MALFORMED safetensors-index-weight-map'],
    ['{"weight_map":{},"metadata":1}', 'E_MALFORMED safetensors-index-metadata'],
    ['{"weight_map":{"a":1}}', 'E_MALFORMED safetensors-index-shard'],
    ['{"weight_map":{"a":"m","a":"n"}}', 'E_MALFORMED json-duplicate-key'],
    ['[]', 'E_MALFORMED json-object'],
  ])('refuses %s', async (json, expected) => {
    expect(await refusal(read(json))).toBe(expected);
  });

  it('refuses more shards than a repository may have, and files too large to be an index', async () => {
    const shards = Array.from({ length: limits.shards + 1 }, (_, i) => `"${i}":"${i}"`);
    expect(await refusal(read(`{"weight_map":{${shards.join(',')}}}`))).toBe(
      'E_LIMIT safetensors-index-shards',
    );
    const large = sparseSource(limits.repositoryFileBytes + 1, []);
    expect(await refusal(readSafetensorsIndex(large))).toBe('E_LIMIT file-size');
    expect(large.bytesRead).toBe(0);
  });

  survivesHostileBytes(readSafetensorsIndex, Buffer.from(valid), { refusesEveryTruncation: true });
});

function read(json: string) {
  return readSafetensorsIndex(memorySource(Buffer.from(json)));
}
