import { describe, expect, it } from 'vitest';
import { isFaiss, readFaiss } from '../../src/formats/faiss.ts';
import { readUsearch } from '../../src/formats/usearch.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeFaiss, writeFaissIvf, writeUsearch } from '../fixtures/vector-writers.ts';

const flat = writeFaiss({ fourcc: 'IxF2', dimension: 384, count: 8 });
const ivf = writeFaissIvf({ fourcc: 'IwPQ', dimension: 384, count: 500, metric: 0 }, 8, flat);

describe('readFaiss', () => {
  it('reads an index, and what it is made of', async () => {
    expect(isFaiss(ivf)).toBe(true);
    expect(await readFaiss(memorySource(ivf))).toEqual({
      kinds: ['IVFPQ', 'Flat'],
      dimension: 384,
      count: 500,
      metric: 'inner-product',
      lists: 8,
    });
  });

  it('looks into a map of ids', async () => {
    const bytes = writeFaiss({ fourcc: 'IxMp', dimension: 384, count: 8 }, flat);
    expect(await readFaiss(memorySource(bytes))).toMatchObject({ kinds: ['IDMap', 'Flat'], count: 8 });
  });

  it('reads binary indexes, whose header is another', async () => {
    const bytes = writeFaiss({ fourcc: 'IBxF', dimension: 64, count: 10 });
    expect(isFaiss(bytes)).toBe(true);
    expect(await readFaiss(memorySource(bytes))).toMatchObject({
      dimension: 64,
      count: 10,
      metric: 'hamming',
    });
  });

  it('does not take a text for an index', () => {
    expect(isFaiss(Buffer.from('IxF2 is how a flat index begins, four letters.'))).toBe(false);
  });

  it('refuses a number of vectors that no file has', async () => {
    const bytes = writeFaiss({ fourcc: 'IxF2', dimension: 4, count: 2n ** 60n });
    expect(await refusal(readFaiss(memorySource(bytes)))).toBe('E_MALFORMED faiss-header');
  });

  survivesHostileBytes(readFaiss, ivf, { refusesEveryTruncation: false });
});

describe('readUsearch', () => {
  it.each([true, false])('finds the head with vectors in front: %s', async (withVectors) => {
    expect(await readUsearch(memorySource(writeUsearch(20, 8, withVectors)))).toEqual({
      version: '2.26.6',
      metric: 'cosine',
      scalar: 'f32',
      count: 20,
      dimension: 8,
    });
  });

  survivesHostileBytes(readUsearch, writeUsearch(2, 4, true), { refusesEveryTruncation: false });
});
