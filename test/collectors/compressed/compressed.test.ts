import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressed } from '../../../src/collectors/compressed/index.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { collectMembers, type CollectedMembers } from '../collect-members.ts';

async function collected(path: string, bytes: Uint8Array): Promise<CollectedMembers> {
  const entry = memoryEntry(path, bytes);
  return compressed.wants(entry, bytes.subarray(0, 4096))
    ? collectMembers(compressed, entry)
    : { findings: [], problems: [], members: {} };
}

const pickle = Buffer.from('80025d2e', 'hex');
const oldPickle = Buffer.from('cposix\nsystem\n.');
/** The header of LZMA alone with a dictionary of 8 MiB and no length. */
const lzma = Buffer.from('5d00008000ffffffffffffffff0000', 'hex');
const xz = Buffer.from('\xfd7zXZ\0', 'latin1');
const zstd = Buffer.from('28b52ffd0458750000387061636b65642001000e528b11715463b3', 'hex');
const lz4 = Buffer.from('04224d186440a7110000007f7061636b6564200700f950636b65642000000000e58577b1', 'hex');
const bzip2 = Buffer.from('BZh91AY&SY');
const oldJoblib = Buffer.concat([Buffer.from('ZF0x4'.padEnd(21)), deflateSync(pickle)]);

describe('compressed', () => {
  it.each<[string, Uint8Array, string]>([
    ['a/model.pkl.gz', gzipSync(pickle), 'model.pkl'],
    ['model.pkl', gzipSync(pickle), 'model.pkl'],
    ['model.tgz', gzipSync(writeTar([{ name: 'a' }])), 'model.tar'],
    ['model.joblib', deflateSync(pickle), 'model.joblib'],
    ['model.dat', deflateSync(pickle), 'model.dat'],
    ['model', deflateSync(oldPickle, { level: 1 }), 'model'],
    ['model-1.2', deflateSync(oldPickle, { level: 5 }), 'model-1.2'],
    ['model.any', deflateSync(oldPickle, { level: 9 }), 'model.any'],
    ['model', gzipSync(oldPickle), 'model'],
    ['model.pkl', oldJoblib, 'model.pkl'],
    ['text.zst', zstd, 'text'],
    ['text.lz4', lz4, 'text'],
  ])('offers what is in %s', async (path, bytes, inner) => {
    const { members, findings, problems } = await collected(path, bytes);
    expect(Object.keys(members)).toEqual([`${path}!/${inner}`]);
    expect([findings, problems]).toEqual([[], []]);
  });

  it('takes two bytes like those of zlib for nothing else', async () => {
    for (const path of ['a', 'a.dat', 'a.pkl'])
      expect((await collected(path, Buffer.from('x\x9cnot packed', 'latin1'))).members).toEqual({});
    expect((await collected('a', deflateSync(''))).members).toEqual({});
  });

  it('finds weights that cannot be examined; of anything else that is a problem alone', async () => {
    for (const [path, rules] of [
      ['model.pkl', ['MLB-ARC-001']],
      ['model.joblib.bz2', ['MLB-ARC-001']],
      ['manual.tar.bz2', []],
    ] as const) {
      const { findings, problems } = await collected(path, bzip2);
      expect(findings.map(({ rule }) => rule)).toEqual(rules);
      expect(problems).toMatchObject([{ code: 'packed', effect: 'incomplete', path }]);
    }
    for (const magic of ['7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07\0', '\xfd7zXZ\0']) {
      const { findings } = await collected('model.bin', Buffer.from(magic, 'latin1'));
      expect(findings).toHaveLength(1);
    }
  });

  it.each<[string, Uint8Array]>([
    ['model', lzma],
    ['model-1.2', Buffer.from('5d00003000100000000000000000', 'hex')],
    ['model.bin', lzma],
    ['blobs/0123abcd', xz],
    ['.model', bzip2],
  ])('finds what joblib may load by the content of %s', async (path, bytes) => {
    const { findings } = await collected(path, bytes);
    expect(findings).toMatchObject([{ rule: 'MLB-ARC-001', severity: 'high' }]);
  });

  it('takes numbers like those of LZMA for nothing else', async () => {
    for (const bytes of ['5d00003100ffffffffffffffff', '5d000080000000000000000001', '5d000000'])
      expect(await collected('a.bin', Buffer.from(bytes, 'hex'))).toMatchObject({ problems: [] });
  });

  it('unpacks a large pickle of protocol 0 under any name', async () => {
    const large = gzipSync(Buffer.concat([oldPickle, pseudoRandomBytes(9 * 1024 * 1024, 'large')]), {
      level: 0,
    });
    expect(Object.keys((await collected('model', large)).members)).toEqual(['model!/model']);
  });

  it.each(['usr/lib/x/', 'a/site-packages/x/', 'a/.git/objects/00/'])('is quiet in %s', async (folder) => {
    for (const bytes of [lzma, xz, bzip2, deflateSync(oldPickle)]) {
      const { findings, members } = await collected(`${folder}0123abcd`, bytes);
      expect([findings, members]).toEqual([[], {}]);
    }
  });

  it('finds a bomb, and offers nothing of it', async () => {
    const { findings, members } = await collected(
      'a.pkl.gz',
      gzipSync(new Uint8Array(2 ** 24), { level: 9 }),
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['MLB-ARC-002']);
    expect(members).toEqual({});
  });
});
