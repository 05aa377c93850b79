import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { extraFields, zip64Values } from '../../src/formats/zip/extra-fields.ts';
import { memberDamage } from '../../src/formats/zip/member-intact.ts';
import { memberSource } from '../../src/formats/zip/member-source.ts';
import { readZip } from '../../src/formats/zip/read-zip.ts';
import type { Zip, ZipMember } from '../../src/formats/zip/zip-types.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { pseudoRandomBytes } from '../fixtures/pseudo-random.ts';
import { writeZip, type ZipFile, type ZipOptions } from '../fixtures/zip-writer.ts';

const text = 'hello '.repeat(1000);

async function zipOf(files: readonly ZipFile[], options?: ZipOptions): Promise<Zip> {
  return readZip(memorySource(writeZip(files, options)));
}

/** The kinds of its anomalies, in their order, each once. */
async function kindsOf(files: readonly ZipFile[], options?: ZipOptions): Promise<string[]> {
  return [...(await zipOf(files, options)).counts.keys()];
}

async function contentsOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const source = memorySource(bytes);
  const { members } = await readZip(source);
  const contents = members.map(async (member): Promise<[string, string]> => {
    const content = memberSource(source, member);
    return [member.name, Buffer.from(await content.read({ offset: 0, length: content.size })).toString()];
  });
  return Object.fromEntries(await Promise.all(contents));
}

/** The first member, and its bytes. */
async function memberOf(file: ZipFile): Promise<{ member: ZipMember; read: () => Promise<Uint8Array> }> {
  const source = memorySource(writeZip([file]));
  const [member] = (await readZip(source)).members;
  if (!member) throw new Error('no member');
  const bytes = memberSource(source, member);
  return { member, read: () => bytes.read({ offset: 0, length: bytes.size }) };
}

describe('readZip', () => {
  it.each([
    ['by its directory', {}],
    ['by a zip64 directory', { zip64: true }],
    ['with a comment', { comment: 'written by a test' }],
  ])('finds members %s', async (_, options) => {
    const files = [
      { name: 'a/stored.txt', content: 'stored' },
      { name: 'a/' },
      { name: 'a/deflated.txt', content: text, deflate: true },
      { name: 'größe.txt', content: 'x', streamed: true },
      { name: 'a/streamed.txt', content: text, deflate: true, streamed: true },
    ];
    const { members, anomalies } = await zipOf(files, options);
    expect(anomalies).toEqual([]);
    expect(members.map(({ name, type, known }) => [name, type, known])).toEqual(
      files.map(({ name }) => [name, name === 'a/' ? 'directory' : 'file', 'listed']),
    );
    expect(await contentsOf(writeZip(files, options))).toEqual(
      Object.fromEntries(files.map(({ name, content = '' }) => [name, content])),
    );
  });

  it('reads an archive once, however many ask', async () => {
    const source = memorySource(writeZip([{ name: 'a', content: 'a' }]));
    expect(await readZip(source)).toBe(await readZip(source));
  });

  it('finds the zip64 values in bytes that lie anywhere in a larger buffer', () => {
    const field = Buffer.from('xx\x01\0\x10\0\x05\0\0\0\0\0\0\0\x06\0\0\0\0\0\0\0', 'latin1').subarray(2);
    expect(zip64Values(extraFields(field).zip64, [0xffffffff, 7, 0xffffffff])).toEqual([5, 7, 6]);
  });

  it('takes names that are no UTF-8 for code page 437', async () => {
    const file = Buffer.from(writeZip([{ name: 'x.txt' }]));
    for (let at = file.indexOf('x.txt'); at >= 0; at = file.indexOf('x.txt', at)) file[at] = 0x81;
    const { members } = await readZip(memorySource(file));
    expect(members.map(({ name }) => name)).toEqual(['ü.txt']);
  });

  it.each<[string, readonly ZipFile[], ZipOptions, string[]]>([
    ['another name in the local header', [{ name: 'a', localName: 'b' }], {}, ['other-name']],
    ['another size in the local header', [{ name: 'a', content: 'abc', localSize: 9 }], {}, ['local-header']],
    ['a flag of encryption', [{ name: 'a', content: 'abc', flags: 1 }], {}, ['encrypted']],
    [
      'a flag of encryption in the directory alone',
      [{ name: 'a', flags: 0x40, localFlags: 0 }],
      {},
      ['encrypted', 'local-header'],
    ],
    ['an unknown method', [{ name: 'a', method: 93 }], {}, ['method']],
    ['two members with one name', [{ name: 'a' }, { name: 'a' }], {}, ['duplicate-name']],
    [
      'one member twice',
      [
        { name: 'a', content: 'abc' },
        { name: 'b', content: 'abc', at: 0 },
      ],
      {},
      ['overlap', 'other-name'],
    ],
    ['a name that leads out', [{ name: '../a' }], {}, ['escaping-name']],
    ['a name that is absolute on Windows', [{ name: 'c:\\a' }], {}, ['escaping-name']],
    ['a symbolic link', [{ name: 'a', content: 'b', mode: 0o120777 }], {}, ['link']],
    [
      'ten megabytes of zeros',
      [{ name: 'a', content: new Uint8Array(10 ** 7), deflate: true }],
      {},
      ['ratio'],
    ],
    ['a directory with content', [{ name: 'a/', content: 'abc' }], {}, ['size']],
    ['two sizes of a stored member', [{ name: 'a', content: 'abc', size: 2 }], {}, ['size']],
    [
      'a member that is not listed',
      [{ name: 'a' }, { name: 'b', content: 'b', unlisted: true }],
      {},
      ['unlisted-member'],
    ],
    ['bytes between members', [{ name: 'a', gap: 'hidden' }, { name: 'b' }], {}, ['gap']],
    ['zeros between members', [{ name: 'a', gap: new Uint8Array(64) }, { name: 'b' }], {}, []],
    ['bytes before the archive', [{ name: 'a' }], { prefix: '#!/bin/sh\n' }, ['prefix']],
    [
      'bytes before an archive that does not know',
      [{ name: 'a' }],
      { prefix: 'MZ', shortOffsets: true },
      ['prefix'],
    ],
    ['bytes after the archive', [{ name: 'a' }], { suffix: 'tail' }, ['trailing-data']],
    ['a wrong number of entries', [{ name: 'a' }], { entries: 7 }, ['entry-count']],
    ['one of several disks', [{ name: 'a' }], { disk: 1 }, ['disk']],
    ['a name with a NUL', [{ name: 'a\0b' }], {}, ['other-name']],
  ])('tells of %s', async (_, files, options, kinds) => {
    expect((await kindsOf(files, options)).sort()).toEqual([...kinds].sort());
  });

  it('has a member under each of its names', async () => {
    const unicodePath = Buffer.concat([Buffer.from([0x75, 0x70, 6, 0, 1, 0, 0, 0, 0]), Buffer.from('u')]);
    const { members } = await zipOf([
      { name: 'config.json', localName: 'data.pkl', content: 'x' },
      { name: 'a\0b', content: 'x', extra: unicodePath },
    ]);
    expect(members.map(({ name, known }) => [name, known])).toEqual([
      ['config.json', 'listed'],
      ['data.pkl', 'other-name'],
      ['a\0b', 'listed'],
      ['u', 'other-name'],
      ['a', 'other-name'],
    ]);
  });

  it('finds members that no directory lists, before, between and after the others', async () => {
    const hidden = (name: string): ZipFile => ({ name, content: 'hidden', unlisted: true });
    const files = [hidden('1'), { name: 'a' }, hidden('2'), hidden('3'), { name: 'b' }, hidden('4')];
    const { members } = await zipOf(files);
    const names = members.filter(({ known }) => known === 'unlisted').map(({ name }) => name);
    expect(names).toEqual(['1', '2', '3', '4']);
    expect((await contentsOf(writeZip(files)))['3']).toBe('hidden');
  });

  it('has the members of both archives, where one is put after another', async () => {
    const first = writeZip([{ name: 'first', content: '1' }]);
    const { members, counts } = await zipOf([{ name: 'second', content: '2' }], { prefix: first });
    expect(members.map(({ name }) => name).sort()).toEqual(['first', 'second']);
    expect([...counts.keys()]).toContain('several-directories');
  });

  it('has the members of an archive in the comment, and of the one before it', async () => {
    const inner = writeZip([{ name: 'inner', content: '1' }]);
    const { members } = await zipOf([{ name: 'outer', content: '2' }], { comment: inner });
    expect(members.map(({ name }) => name).sort()).toEqual(['inner', 'outer']);
  });

  it('takes an archive that is stored as a member for nothing but a member', async () => {
    const { anomalies } = await zipOf([
      { name: 'inner.zip', content: writeZip([{ name: 'a', content: 'a' }]) },
    ]);
    expect(anomalies).toEqual([]);
  });

  it('refuses more members than the limit before it looks at any', async () => {
    const source = memorySource(
      writeZip(
        Array.from({ length: limits.archiveMembers + 1 }, () => ({ name: 'a' })),
        { zip64: true },
      ),
    );
    expect(await refusal(readZip(source))).toBe('E_LIMIT zip-members');
    expect(source.bytesRead).toBeLessThan(70_000);
  });

  it('keeps a few of each kind of anomaly, and counts them all', async () => {
    const { anomalies, counts } = await zipOf(Array.from({ length: 100 }, () => ({ name: '../a' })));
    expect(anomalies.filter(({ kind }) => kind === 'escaping-name')).toHaveLength(16);
    expect(counts.get('escaping-name')).toBe(100);
  });

  it('reads few bytes of an archive that is a bomb of members over one another', async () => {
    const bomb = Array.from({ length: 5000 }, (_, at) => ({
      name: `${at}`,
      content: text,
      ...(at > 0 ? { at: 0 } : {}),
    }));
    const source = memorySource(writeZip(bomb));
    const { counts } = await readZip(source);
    expect(counts.get('overlap')).toBe(4999);
    expect(source.bytesRead).toBeLessThan(3 * source.size);
  });

  it.each([
    ['an empty file', '', 'E_MALFORMED zip-end'],
    ['no end', 'PK\x03\x04'.repeat(9), 'E_MALFORMED zip-end'],
    ['an end without a directory', `PK\x05\x06${'\x01'.repeat(18)}`, 'E_MALFORMED zip-directory'],
  ])('refuses %s', async (_, bytes, code) => {
    expect(await refusal(readZip(memorySource(Buffer.from(bytes, 'latin1'))))).toBe(code);
  });

  survivesHostileBytes(
    async (source) => {
      const { members } = await readZip(source);
      for (const member of members.slice(0, 2)) await memberDamage(source, member);
    },
    writeZip([
      { name: 'a/data.pkl', content: 'abc', streamed: true },
      { name: 'b', content: 'abcabcabcabc', deflate: true },
    ]),
    { refusesEveryTruncation: true },
  );
});

describe('memberSource', () => {
  it('gives the ranges of a stored member', async () => {
    const source = memorySource(writeZip([{ name: 'a', content: 'abcdef' }]));
    const [member] = (await readZip(source)).members;
    if (!member) throw new Error('no member');
    expect(Buffer.from(await memberSource(source, member).read({ offset: 2, length: 3 })).toString()).toBe(
      'cde',
    );
    expect(await refusal(memberSource(source, member).read({ offset: 2, length: 5 }))).toBe(
      'E_MALFORMED past-the-end',
    );
  });

  it('unpacks no more than the beginning for the beginning', async () => {
    const source = memorySource(
      writeZip([{ name: 'a', content: pseudoRandomBytes(10 ** 6, 'a'), deflate: true }]),
    );
    const [member] = (await readZip(source)).members;
    if (!member) throw new Error('no member');
    const before = source.bytesRead;
    const bytes = await memberSource(source, member).read({ offset: 0, length: 4096 });
    expect(bytes).toEqual(pseudoRandomBytes(10 ** 6, 'a').subarray(0, 4096));
    expect(source.bytesRead - before).toBeLessThan(50_000);
  });

  it('reads what is marked as encrypted and is not', async () => {
    for (const deflate of [false, true]) {
      const { member, read } = await memberOf({ name: 'a', content: text, deflate, flags: 0x41 });
      expect(member.encrypted).toBe(true);
      expect(Buffer.from(await read()).toString()).toBe(text);
    }
  });

  it.each<[string, ZipFile, string]>([
    [
      'encrypted',
      { name: 'a', content: pseudoRandomBytes(20, 'a'), size: 8, flags: 1 },
      'E_UNSUPPORTED zip-encrypted',
    ],
    [
      'encrypted and deflated',
      { name: 'a', content: pseudoRandomBytes(20, 'a'), method: 8, flags: 1 },
      'E_UNSUPPORTED zip-encrypted',
    ],
    ['packed in another way', { name: 'a', content: 'abc', method: 14 }, 'E_UNSUPPORTED zip-method'],
    ['broken', { name: 'a', content: 'abc', method: 8 }, 'E_MALFORMED inflate-broken'],
    ['larger than it says', { name: 'a', content: text, deflate: true, size: 9000 }, 'E_MALFORMED zip-size'],
    ['a bomb', { name: 'a', content: new Uint8Array(10 ** 7), deflate: true }, 'E_LIMIT zip-ratio'],
    ['said to be huge', { name: 'a', content: text, deflate: true, size: 2 ** 31 }, 'E_LIMIT zip-unpacked'],
  ])('refuses a member that is %s', async (_, file, code) => {
    const { read } = await memberOf(file);
    expect(await refusal(read())).toBe(code);
  });

  it('unpacks what has a wrong CRC, which is told apart', async () => {
    const file = { name: 'a', content: text, deflate: true, crc: 1 };
    const { member, read } = await memberOf(file);
    expect(Buffer.from(await read()).toString()).toBe(text);
    expect(await memberDamage(memorySource(writeZip([file])), member)).toMatch(/CRC .* declared as 00000001/);
  });
});
