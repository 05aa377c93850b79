import { describe, expect, it } from 'vitest';
import { tar } from '../../../src/collectors/tar/index.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { writeTar, type TarFile } from '../../fixtures/tar-writer.ts';
import { factOf, valuesOf } from '../collected.ts';
import { collectMembers, type CollectedMembers } from '../collect-members.ts';

function collected(files: readonly TarFile[]): Promise<CollectedMembers> {
  return collectMembers(tar, memoryEntry('a.tar', writeTar(files)));
}

describe('tar', () => {
  it('offers the files of an archive, and says what it is', async () => {
    const files = [{ name: 'd/', type: '5' }, { name: 'd/a', content: 'abc' }, { name: 'empty' }];
    const { members, findings, problems } = await collected(files);
    expect([members, findings, problems]).toEqual([{ 'a.tar!/d/a': 'abc' }, [], []]);
    expect(valuesOf(await factOf(tar, 'a.tar', writeTar(files)))).toEqual({
      'mlbom:file:format': 'tar',
      'mlbom:file:header': 'members=3',
    });
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
