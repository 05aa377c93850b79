import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ByteSource } from '../../src/core/entry.ts';
import { sha256 } from '../../src/core/digest.ts';
import { subrange } from '../../src/formats/subrange.ts';
import { readTar } from '../../src/formats/tar/read-tar.ts';
import { memberSource } from '../../src/formats/zip/member-source.ts';
import { readZip } from '../../src/formats/zip/read-zip.ts';
import { paxHeader, writeTar } from '../fixtures/tar-writer.ts';
import { writeZip } from '../fixtures/zip-writer.ts';
import { sourceOf } from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

type Member = readonly [name: string, size: number, sha256: string];

const directory = temporaryDirectory();
const theirs = join(directory, 'theirs');
const ours = join(directory, 'ours');

/** What we read, in the order in which it lies there. */
async function membersOf(path: string): Promise<Member[]> {
  const source = sourceOf(path);
  const members: Member[] = [];
  for await (const [name, bytes] of path.endsWith('.zip') ? zipMembers(source) : tarMembers(source)) {
    members.push([name, bytes.size, sha256(await bytes.read({ offset: 0, length: bytes.size }))]);
  }
  return members;
}

async function* zipMembers(source: ByteSource): AsyncGenerator<[string, ByteSource]> {
  for (const member of (await readZip(source)).members) {
    if (member.type === 'file') yield [member.name, memberSource(source, member)];
  }
}

async function* tarMembers(source: ByteSource): AsyncGenerator<[string, ByteSource]> {
  for await (const { name, type, offset, size } of readTar(source)) {
    if (type === 'file') yield [name, subrange(source, { offset, length: size })];
  }
}

describeWith("Python's zipfile and tarfile", python('zipfile', 'tarfile'), (peer) => {
  beforeAll(async () => {
    for (const path of [theirs, ours]) mkdirSync(path, { recursive: true });
    await peer.run(pythonScript('write_archives'), theirs);
    const content = 'text '.repeat(100);
    writeFileSync(
      join(ours, 'ours.zip'),
      writeZip([
        { name: 'a', content },
        { name: 'b/c', content, deflate: true },
        { name: 'd', content, streamed: true },
      ]),
    );
    writeFileSync(
      join(ours, 'zip64.zip'),
      writeZip([{ name: 'a', content }], { zip64: true, prefix: 'before' }),
    );
    const files = [{ name: 'a', content }, paxHeader({ path: 'größe' }), { name: 'b', content }];
    writeFileSync(join(ours, 'ours.tar'), writeTar([...files, { name: 'old', content, magic: '' }]));
  });

  test.each([
    'stored.zip',
    'deflated.zip',
    'piped.zip',
    'zip64.zip',
    'prefixed.zip',
    'ustar.tar',
    'gnu.tar',
    'pax.tar',
  ])('write %s, which is read as they read it', async (name) => {
    const read = await membersOf(join(theirs, name));
    expect(read).toHaveLength(4);
    expect(read).toEqual(await readWith<Member[]>(peer, 'read_archive', join(theirs, name)));
  });

  test.each(['ours.zip', 'zip64.zip', 'ours.tar'])('read our %s as we do', async (name) => {
    const read = await membersOf(join(ours, name));
    expect(read).toEqual(await readWith<Member[]>(peer, 'read_archive', join(ours, name)));
  });

  test('write archives in which there is nothing odd', async () => {
    for (const name of ['stored', 'deflated', 'piped', 'zip64']) {
      expect((await readZip(sourceOf(join(theirs, `${name}.zip`)))).anomalies).toEqual([]);
    }
  });
});
