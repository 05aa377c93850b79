import { describe, expect, it } from 'vitest';
import { walk } from '../../../src/collectors/walk.ts';
import { zip } from '../../../src/collectors/zip/index.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';
import { writeZip, type ZipFile, type ZipOptions } from '../../fixtures/zip-writer.ts';
import { factOf, valuesOf } from '../collected.ts';
import { collectMembers, type CollectedMembers } from '../collect-members.ts';

async function collected(
  files: readonly ZipFile[],
  options?: ZipOptions,
  path = 'a.zip',
): Promise<CollectedMembers & { rules: string[] }> {
  const result = await collectMembers(zip, memoryEntry(path, writeZip(files, options)));
  return { ...result, rules: [...new Set(result.findings.map(({ rule }) => rule))].sort() };
}

const content = 'abc';

describe('zip', () => {
  it('offers the files of an archive, and says what it is', async () => {
    const files = [
      { name: 'd/' },
      { name: 'd/a', content },
      { name: 'empty' },
      { name: 'b', content, deflate: true },
    ];
    const { members, rules } = await collected(files);
    expect(members).toEqual({ 'a.zip!/d/a': content, 'a.zip!/b': content });
    expect(rules).toEqual([]);
    expect(valuesOf(await factOf(zip, 'a.zip', writeZip(files)))).toEqual({
      'mlbom:file:format': 'zip',
      'mlbom:file:header': 'members=4',
    });
  });

  it('wants what begins like a zip, and what may end as one', async () => {
    const wanted = (path: string, bytes: Uint8Array): boolean =>
      zip.wants(memoryEntry(path, bytes), bytes.subarray(0, 4096));
    const hidden = writeZip([{ name: 'a', content }], { prefix: 'MZ'.repeat(5000) });
    expect(wanted('any.thing', writeZip([{ name: 'a' }]))).toBe(true);
    expect(wanted('model.pt', hidden)).toBe(true);
    expect(wanted('model.safetensors', hidden)).toBe(false);
    expect(await zip.collect(memoryEntry('model.bin', new Uint8Array(100)))).toMatchObject({
      facts: [],
      findings: [],
    });
    await expect(zip.collect(memoryEntry('model.zip', new Uint8Array(100)))).rejects.toMatchObject({
      rule: 'zip-end',
    });
  });

  it('says where a finding is', async () => {
    const { findings } = await collected([
      { name: 'a', content },
      { name: 'b', content, crc: 1 },
    ]);
    expect(findings).toMatchObject([
      { path: 'a.zip', symbol: 'b', offset: 34, message: expect.stringMatching(/^b: .*CRC/) as string },
    ]);
  });

  it('offers a member under both of its names', async () => {
    const { members } = await collected([{ name: 'x.json', localName: 'data.pkl', content }]);
    expect(members).toEqual({ 'a.zip!/x.json': content, 'a.zip!/data.pkl': content });
  });

  it('reads on where a loader would: flags, CRC and headers that are wrong hide nothing', async () => {
    const { members } = await collected([
      { name: 'data.pkl', content, flags: 1, crc: 1, localSize: 9, streamed: true },
    ]);
    expect(members).toEqual({ 'a.zip!/data.pkl': content });
  });

  it('finds a zip behind a pickle', async () => {
    const pickle = Buffer.from('80025d2e', 'hex');
    const { rules, members } = await collected(
      [{ name: 'data.pkl', content }],
      { prefix: pickle },
      'model.pt',
    );
    expect(rules).toEqual(['MLB-ZIP-010', 'MLB-ZIP-013']);
    expect(members).toEqual({ 'model.pt!/data.pkl': content });
  });

  it('tells of too many members, and looks at none', async () => {
    const files = Array.from({ length: limits.archiveMembers + 1 }, () => ({ name: '' }));
    const { rules, problems, members } = await collected(files, { zip64: true });
    expect(rules).toEqual(['MLB-ZIP-012']);
    expect(problems).toMatchObject([{ code: 'archive-members', effect: 'incomplete' }]);
    expect(members).toEqual({});
  });

  it('looks at a few members over one another, and says that it stopped', async () => {
    const files = Array.from({ length: 100 }, (_, at): ZipFile => ({
      name: `${at}`,
      content,
      ...(at > 0 ? { at: 0 } : {}),
    }));
    const { rules, stopped } = await collected(files);
    expect(rules).toContain('MLB-ZIP-004');
    expect(stopped).toBe('E_LIMIT zip-overlap');
  });

  it('says that a member without content could not be looked at', async () => {
    const bytes = Buffer.from(
      writeZip([
        { name: 'a', content },
        { name: 'b', content },
      ]),
    );
    bytes.write('XX', 0);
    const { findings, members, stopped } = await collectMembers(zip, memoryEntry('a.zip', bytes));
    expect(findings.map(({ rule }) => rule)).toContain('MLB-ZIP-009');
    expect([members, stopped]).toEqual([{ 'a.zip!/b': content }, 'E_MALFORMED zip-local-header']);
  });

  it('ends in a bomb of archives in archives', async () => {
    // 16 × 16 × 16 × 16 archives, as in 42.zip.
    let bomb = writeZip([{ name: 'page', content: pseudoRandomBytes(64, 'page') }]);
    for (let level = 0; level < 4; level++) {
      const inner = bomb;
      bomb = writeZip(
        Array.from({ length: 16 }, (_, at) => ({ name: `${at}.zip`, content: inner, deflate: true })),
      );
    }
    const { problems } = await walk([memoryEntry('bomb.zip', bomb)], [zip]);
    const codes = new Set(problems.map(({ code }) => code));
    expect([...codes].filter((code) => code !== 'archive-members')).toEqual(['archive-depth']);
  });
});
