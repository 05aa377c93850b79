import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { isTar } from '../../src/formats/tar/is-tar.ts';
import { readTar, type TarAnomaly, type TarMember } from '../../src/formats/tar/read-tar.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { paxHeader, writeTar, type TarFile } from '../fixtures/tar-writer.ts';

async function read(bytes: Uint8Array): Promise<{ members: TarMember[]; anomalies: TarAnomaly[] }> {
  const anomalies: TarAnomaly[] = [];
  const members: TarMember[] = [];
  for await (const member of readTar(memorySource(bytes), (anomaly) => anomalies.push(anomaly)))
    members.push(member);
  return { members, anomalies };
}

async function namesOf(files: readonly TarFile[], end?: Uint8Array): Promise<string[]> {
  return (await read(writeTar(files, end))).members.map(({ name }) => name);
}

const long = 'd/'.repeat(100) + 'x';

describe('readTar', () => {
  it('finds each member and its bytes, whatever the kind of its header', async () => {
    const files: TarFile[] = [
      { name: 'a', content: 'a' },
      { name: 'old', content: 'old', magic: '', type: '\0' },
      { name: 'dir/', type: '5' },
      { name: 'b', prefix: 'some/where', content: 'b' },
      { name: 'big', content: 'big', size: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]) },
      { name: '', type: 'L', content: `${long}\0` },
      { name: 'cut', content: 'l' },
      paxHeader({ path: 'größe', size: '1' }),
      { name: 'cut', content: 'p', size: 0 },
      { name: 'link', type: '2', link: 'a' },
      { name: 'hard', type: '1', link: 'a' },
      { name: 'dev', type: '3' },
    ];
    const bytes = writeTar(files);
    const { members, anomalies } = await read(bytes);
    expect(anomalies).toEqual([]);
    const contents = members.map(({ name, type, offset, size, link }) => [
      name,
      type,
      link ?? Buffer.from(bytes.subarray(offset, offset + size)).toString(),
    ]);
    expect(contents).toEqual([
      ['a', 'file', 'a'],
      ['old', 'file', 'old'],
      ['dir/', 'directory', ''],
      ['some/where/b', 'file', 'b'],
      ['big', 'file', 'big'],
      [long, 'file', 'l'],
      ['größe', 'file', 'p'],
      ['link', 'link', 'a'],
      ['hard', 'hard-link', 'a'],
      ['dev', 'device', ''],
    ]);
  });

  it('reads headers alone, of a file of terabytes too', async () => {
    const size = 2 ** 40;
    const header = Buffer.from(
      writeTar([{ name: 'a', size: Buffer.from([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]) }]),
    );
    const source = sparseSource(size + 1536, [{ offset: 0, bytes: header.subarray(0, 512) }]);
    const members: TarMember[] = [];
    for await (const member of readTar(source)) members.push(member);
    expect(members).toMatchObject([{ name: 'a', size, offset: 512 }]);
    expect(source.bytesRead).toBeLessThan(50_000);
  });

  it.each<[string, readonly TarFile[], string | Uint8Array | undefined, string[]]>([
    ['two sizes', [paxHeader({ size: '1' }), { name: 'a', content: 'abc' }], undefined, ['size']],
    ['a link with data', [{ name: 'a', type: '2', size: 3 }], undefined, ['size']],
    ['a name for all', [paxHeader({ path: 'x' }, 'g'), { name: 'a' }], undefined, ['global-header']],
    ['bytes after the end', [{ name: 'a' }], `${'\0'.repeat(1024)}${'x'.repeat(600)}`, ['trailing-data']],
    [
      'members after the end',
      [{ name: 'a' }],
      Buffer.concat([Buffer.alloc(1024), writeTar([{ name: 'b' }])]),
      ['after-end'],
    ],
    [
      'one block of zeros',
      [{ name: 'a' }],
      Buffer.concat([Buffer.alloc(512), writeTar([{ name: 'b' }])]),
      ['zero-block'],
    ],
    ['no end', [{ name: 'a' }], '', ['no-end']],
  ])('tells of %s', async (_, files, end, kinds) => {
    const { anomalies } = await read(writeTar(files, end));
    expect(anomalies.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('goes on where GNU tar and Python go on', async () => {
    // The extended header says that there is no data: what looks like it is the next header.
    const inner = writeTar([{ name: 'inner', content: 'x' }], '');
    const files = [paxHeader({ size: '0' }), { name: 'a', content: inner }, { name: 'b' }];
    expect(await namesOf(files)).toEqual(['a', 'inner', 'b']);
    expect(
      await namesOf([{ name: 'a' }], Buffer.concat([Buffer.alloc(512), writeTar([{ name: 'b' }])])),
    ).toEqual(['a', 'b']);
  });

  it.each<[string, readonly TarFile[], string]>([
    ['a wrong checksum', [{ name: 'a' }, { name: 'b', checksum: 1 }], 'E_MALFORMED tar-checksum'],
    ['a size that is no number', [{ name: 'a', size: 'many' }], 'E_MALFORMED tar-number'],
    ['a negative size', [{ name: 'a', size: Buffer.alloc(12, 0xff) }], 'E_MALFORMED tar-number'],
    ['a size beyond the file', [{ name: 'a', size: 10 ** 6 }], 'E_MALFORMED tar-truncated'],
    [
      'an extended header without an end',
      [paxHeader({}), { name: 'x', type: 'x', content: '99 path=a\n' }, { name: 'a' }],
      'E_MALFORMED tar-pax',
    ],
    [
      'an extended size that is no number',
      [paxHeader({ size: '-1' }), { name: 'a' }],
      'E_MALFORMED tar-number',
    ],
    [
      'a name of megabytes',
      [{ name: '', type: 'L', content: 'x'.repeat(limits.tarMetaBytes + 1) }, { name: 'a' }],
      'E_LIMIT tar-meta',
    ],
  ])('refuses %s', async (_, files, code) => {
    expect(await refusal(namesOf(files))).toBe(code);
  });

  survivesHostileBytes(
    async (source) => {
      let members = 0;
      for await (const member of readTar(source)) members += member.size;
      return members;
    },
    writeTar([paxHeader({ path: 'b' }), { name: 'x', content: 'x' }], ''),
    { refusesEveryTruncation: false },
  );
});

describe('isTar', () => {
  it('goes by the checksum', () => {
    expect(isTar(writeTar([{ name: 'a', magic: '' }]))).toBe(true);
    expect(isTar(writeTar([{ name: 'a', checksum: 1 }]))).toBe(false);
    expect(isTar(new Uint8Array(1024))).toBe(false);
  });
});
