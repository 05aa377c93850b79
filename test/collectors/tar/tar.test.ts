import { describe, expect, it } from 'vitest';
import { tar } from '../../../src/collectors/tar/index.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { paxHeader, writeTar, type TarFile } from '../../fixtures/tar-writer.ts';
import { factOf, valuesOf } from '../collected.ts';
import { collectMembers, type CollectedMembers } from '../collect-members.ts';

async function collected(
  files: readonly TarFile[],
  end?: string,
): Promise<CollectedMembers & { rules: string[] }> {
  const result = await collectMembers(tar, memoryEntry('a.tar', writeTar(files, end)));
  return { ...result, rules: [...new Set(result.findings.map(({ rule }) => rule))].sort() };
}

describe('tar', () => {
  it('offers the files of an archive, and says what it is', async () => {
    const files = [{ name: 'd/', type: '5' }, { name: 'd/a', content: 'abc' }, { name: 'empty' }];
    const { members, rules, problems } = await collected(files);
    expect([members, rules, problems]).toEqual([{ 'a.tar!/d/a': 'abc' }, [], []]);
    expect(valuesOf(await factOf(tar, 'a.tar', writeTar(files)))).toEqual({
      'mlbom:file:format': 'tar',
      'mlbom:file:header': 'members=3',
    });
  });

  it.each<[string, readonly TarFile[], string | undefined, string[]]>([
    ['a name that leads out', [{ name: '../a' }], undefined, ['MLB-TAR-001']],
    ['a link that leads out', [{ name: 'd/a', type: '2', link: '../../b' }], undefined, ['MLB-TAR-002']],
    [
      'a hard link that leads out',
      [{ name: 'd/a', type: '1', link: '/etc/passwd' }],
      undefined,
      ['MLB-TAR-002'],
    ],
    ['a link that stays inside', [{ name: 'd/a', type: '2', link: '../b' }], undefined, []],
    ['a device', [{ name: 'a', type: '4' }], undefined, ['MLB-TAR-003']],
    ['a pipe', [{ name: 'a', type: '6' }], undefined, ['MLB-TAR-003']],
    ['two members with one name', [{ name: 'a' }, { name: 'a' }], undefined, ['MLB-TAR-004']],
    ['two sizes', [paxHeader({ size: '1' }), { name: 'a', content: 'abc' }], undefined, ['MLB-TAR-005']],
    ['bytes after the end', [{ name: 'a' }], `${'\0'.repeat(1024)}${'x'.repeat(512)}`, ['MLB-TAR-006']],
    [
      'one block of zeros',
      [{ name: 'a' }],
      `${'\0'.repeat(512)}${Buffer.from(writeTar([{ name: 'b' }])).toString('latin1')}`,
      ['MLB-TAR-007'],
    ],
    ['no end', [{ name: 'a' }], '', []],
  ])('finds %s', async (_, files, end, rules) => {
    expect((await collected(files, end)).rules).toEqual(rules);
  });

  it('offers what stands before the place where an archive breaks', async () => {
    const { members, problems } = await collected([
      { name: 'a', content: 'abc' },
      { name: 'b', checksum: 1 },
    ]);
    expect(members).toEqual({ 'a.tar!/a': 'abc' });
    expect(problems).toMatchObject([{ code: 'tar-checksum', effect: 'incomplete' }]);
  });

  it('stops after many members, and says so', async () => {
    const { problems } = await collected(
      Array.from({ length: limits.tarMembers + 1 }, (_, at) => ({ name: `${at}` })),
    );
    expect(problems).toMatchObject([{ code: 'archive-members', effect: 'incomplete' }]);
  });

  it('tells of a few of the same kind', async () => {
    const { findings } = await collected(Array.from({ length: 100 }, (_, at) => ({ name: `../${at}` })));
    expect(findings).toHaveLength(16);
    expect(findings[1]).toMatchObject({ path: 'a.tar', offset: 512, symbol: '../1' });
  });
});
