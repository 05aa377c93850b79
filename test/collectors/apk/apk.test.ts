import { describe, expect, it } from 'vitest';
import { apk } from '../../../src/collectors/apk/index.ts';
import type { Fact } from '../../../src/core/fact.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { valuesOf, withoutEvidence } from '../collected.ts';
import { installed } from './example.ts';

const read = async (text: string, path = 'lib/apk/db/installed') => apk.collect(memoryEntry(path, text));

describe('apk', () => {
  it('reads packages and what they need', async () => {
    const { facts } = await read(installed);
    const [, musl, app] = facts as [Fact, Fact, Fact];
    expect(valuesOf(musl)).toEqual({
      name: 'musl',
      version: '1.2.5-r0',
      purl: 'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64',
      description: 'the musl c library (libc) implementation',
      license: { license: 'MIT' },
      supplier: { name: 'Example', email: 'maintainer@example.org' },
      references: [{ type: 'website', url: 'https://musl.libc.org/' }],
      'mlbom:package:basis': 'installed',
      'mlbom:package:installer': 'apk',
      'mlbom:package:location': 'lib/apk/db/installed',
      'mlbom:package:header': ['source=musl', `commit=${'0a'.repeat(20)}`],
    });
    expect(withoutEvidence(app)).toEqual([
      { type: 'depends-on', to: { name: 'musl', purl: 'pkg:apk/alpine/musl?arch=x86_64' } },
    ]);
  });

  it('lists files, with digests of what nobody is meant to change', async () => {
    const { lists } = await read(installed, 'img/usr/lib/apk/db/installed');
    const digest = { algorithm: 'sha1', hex: '72aa0f6c2551b02b851556e0613c2a4272117d37' };
    expect(lists).toMatchObject([
      { component: 'apk:img:alpine-baselayout', files: [{ path: 'img/etc/hosts' }] },
      {
        component: 'apk:img:musl',
        files: [{ path: 'img/lib/ld-musl-x86_64.so.1', digest }, { path: 'img/lib/libc.musl-x86_64.so.1' }],
      },
    ]);
    expect(JSON.stringify(lists).match(/digest/g)).toHaveLength(1);
  });

  it('knows whose packages they are by the base layout', async () => {
    const { facts } = await read('P:wolfi-baselayout\nV:1\n\nP:a\nV:2\n');
    expect(facts.map((fact) => valuesOf(fact).purl)).toEqual([
      'pkg:apk/wolfi/wolfi-baselayout@1',
      'pkg:apk/wolfi/a@2',
    ]);
  });

  it('refuses other lines, and says that a package has no name', async () => {
    expect(await refusal(read('P:a\nno field\n'))).toBe('E_MALFORMED apk');
    expect((await read('V:1\n')).problems).toMatchObject([{ code: 'apk-record' }]);
  });
});
