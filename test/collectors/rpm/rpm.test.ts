import { describe, expect, it } from 'vitest';
import { rpm } from '../../../src/collectors/rpm/index.ts';
import type { Fact } from '../../../src/core/fact.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { writeRpmDatabase } from '../../fixtures/rpm-writer.ts';
import { writeSqlite } from '../../fixtures/sqlite-writer.ts';
import { valuesOf, withoutEvidence } from '../collected.ts';
import { files, headers, manifest } from './example.ts';

const path = 'var/lib/rpm/rpmdb.sqlite';
const read = async (bytes: Uint8Array | string, at = path) => rpm.collect(memoryEntry(at, bytes));

describe('rpm', () => {
  it('reads packages, without the keys that are kept among them, and what they need', async () => {
    const { facts } = await read(files[path] ?? '');
    const [bash, app] = facts as [Fact, Fact];
    expect(facts).toHaveLength(2);
    expect(valuesOf(bash)).toEqual({
      name: 'bash',
      version: '5.2.26-3.fc40',
      purl: 'pkg:rpm/fedora/bash@5.2.26-3.fc40?arch=x86_64',
      description: 'The GNU Bourne Again shell',
      license: { license: 'GPL-3.0-or-later' },
      supplier: { name: 'Fedora Project' },
      references: [{ type: 'website', url: 'https://www.gnu.org/software/bash' }],
      'mlbom:package:basis': 'installed',
      'mlbom:package:installer': 'rpm',
      'mlbom:package:location': path,
      'mlbom:package:header': 'source=bash-5.2.26-3.fc40.src.rpm',
    });
    expect(valuesOf(app).purl).toBe('pkg:rpm/fedora/app@1.0-1?arch=noarch&epoch=2');
    expect(withoutEvidence(app)).toEqual([
      { type: 'depends-on', to: { name: 'bash', purl: 'pkg:rpm/fedora/bash?arch=x86_64' } },
    ]);
  });

  it('lists the files that were installed, with digests of what nobody is meant to change', async () => {
    const { lists } = await read(files[path] ?? '', `img/${path}`);
    expect(lists).toEqual([
      {
        component: 'rpm:img:bash-5.2.26-3.fc40.x86_64',
        path: `img/${path}`,
        owns: [],
        files: [
          { path: 'img/usr/bin/bash', size: 10, digest: { algorithm: 'sha256', hex: 'ab'.repeat(32) } },
          { path: 'img/etc/bashrc' },
          { path: 'img/usr/bin/sh' },
        ],
      },
    ]);
  });

  it('reads the others when one header cannot be read, and says so', async () => {
    const { facts, problems } = await read(writeRpmDatabase([Buffer.from('broken'), ...headers]));
    expect(facts).toHaveLength(2);
    expect(problems).toMatchObject([{ code: 'rpm-header', reason: '1 packages cannot be read' }]);
  });

  it('refuses a database of something else', async () => {
    const other = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a)', rows: [] }]);
    expect(await refusal(read(other))).toBe('E_MALFORMED rpm-database');
  });

  it("reads Mariner's list", async () => {
    const { facts, problems } = await read(
      `${manifest}\nodd line\n`,
      'var/lib/rpmmanifest/container-manifest-2',
    );
    expect(facts.map((fact) => valuesOf(fact).purl)).toEqual([
      'pkg:rpm/mariner/glibc@2.35-7.cm2?arch=x86_64',
      'pkg:rpm/mariner/openssl@1.1.1k-30.cm2?arch=x86_64&epoch=1',
    ]);
    expect(problems).toMatchObject([{ code: 'rpm-manifest' }]);
  });

  it.each([
    ['usr/lib/sysimage/rpm/Packages.db', 'RpmP rest', 'rpm-database-kind'],
    ['var/lib/rpm/Packages', Buffer.from(`${'00'.repeat(12)}61150600`, 'hex'), 'rpm-database-kind'],
    ['var/lib/rpm/rpmdb.sqlite-wal', 'frames', 'rpm-wal'],
  ])('says that %s is not read', async (at, content, code) => {
    expect(rpm.wants(memoryEntry(at, content), Buffer.from(content as Uint8Array))).toBe(true);
    expect((await read(content, at)).problems).toMatchObject([{ code, effect: 'incomplete', path: at }]);
  });

  it.each(['var/lib/rpm/Packages', 'var/lib/rpm/rpmdb.sqlite', 'a/Packages.db'])(
    'does not want %s of other content',
    (at) => {
      expect(rpm.wants(memoryEntry(at, 'text'), Buffer.from('text'))).toBe(false);
    },
  );
});
