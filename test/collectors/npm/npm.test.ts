import { describe, expect, it } from 'vitest';
import { npm } from '../../../src/collectors/npm/index.ts';
import type { Fact } from '../../../src/core/fact.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';
import { installed, lock } from './example.ts';

describe('npm', () => {
  it('reads an installed package, without what addresses hide', async () => {
    const directory = 'app/node_modules/@scope/server';
    const fact = await factOf(npm, `${directory}/package.json`, JSON.stringify(installed));
    expect(fact.about).toEqual({ kind: 'component', key: `npm:${directory}`, path: directory });
    expect(valuesOf(fact)).toEqual({
      name: '@scope/server',
      version: '1.2.3',
      purl: 'pkg:npm/%40scope/server@1.2.3',
      description: 'Answers',
      license: { license: 'MIT' },
      authors: [{ name: 'Example', email: 'author@example.org' }],
      references: [
        { type: 'website', url: 'https://example.org/' },
        { type: 'vcs', url: 'https://example.org/scope/server.git' },
      ],
      'mlbom:package:basis': 'installed',
      'mlbom:package:location': directory,
    });
    expect(withoutEvidence(fact)).toEqual(
      [
        ['@huggingface/transformers', 'pkg:npm/%40huggingface/transformers'],
        ['left', 'pkg:npm/left'],
        ['maybe', 'pkg:npm/maybe'],
      ].map(([name, purl]) => ({ type: 'depends-on', to: { name, purl } })),
    );
  });

  it.each([
    [{ license: { type: 'MIT' } }, 'MIT'],
    [{ licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] }, '(MIT OR Apache-2.0)'],
    [{ license: 7 }, undefined],
  ])('reads the licence of %j', async (fields, license) => {
    const text = JSON.stringify({ name: 'a', version: '1.0.0', ...fields });
    expect(valuesOf(await factOf(npm, 'node_modules/a/package.json', text)).license).toEqual(
      license && { license },
    );
  });

  it('knows a package by its place', () => {
    const wants = (path: string): boolean => npm.wants(memoryEntry(path, '{}'), Buffer.from('{}'));
    expect(wants('node_modules/a/node_modules/@s/b/package.json')).toBe(true);
    expect(wants('package.json')).toBe(false);
    expect(wants('node_modules/a/lib/package.json')).toBe(false);
    expect(wants('node_modules/.bin/package.json')).toBe(false);
  });

  it('reads a lockfile: each package once, and what each of its places needs', async () => {
    const { facts, problems } = await npm.collect(memoryEntry('package-lock.json', JSON.stringify(lock)));
    expect(problems).toEqual([]);
    const [file, ...packages] = facts as [Fact, ...Fact[]];
    expect(valuesOf(file)).toEqual({
      'mlbom:file:format': 'package-lock.json',
      'mlbom:file:format-version': '3',
    });
    expect(packages.map(({ about }) => about)).toEqual(
      ['pkg:npm/a@1.0.0', 'pkg:npm/b@2.0.0', 'pkg:npm/b@1.0.0', 'pkg:npm/%40s/c@3.0.0'].map((key) => ({
        kind: 'component',
        key,
      })),
    );
    const [a, b, , c] = packages as [Fact, Fact, Fact, Fact];
    expect(valuesOf(a)).toMatchObject({
      license: { license: 'ISC' },
      'mlbom:package:basis': 'locked',
      'mlbom:package:hash': [`sha512:${'01'.repeat(64)}`, `sha1:${'02'.repeat(20)}`],
    });
    expect(withoutEvidence(a)).toEqual([
      { type: 'depends-on', to: { name: 'b', purl: 'pkg:npm/b', version: '2.0.0' } },
      { type: 'depends-on', to: { name: '@s/c', purl: 'pkg:npm/%40s/c', version: '3.0.0' } },
    ]);
    expect(b.relations).toHaveLength(1);
    expect(valuesOf(c)).toMatchObject({
      references: [{ type: 'distribution', url: 'https://npm.example.org/c.tgz' }],
    });
    expect(valuesOf(c)).not.toHaveProperty(['mlbom:package:hash']);
  });

  it('does not read the lockfiles of npm 6', async () => {
    const old = JSON.stringify({ lockfileVersion: 1, dependencies: { a: { version: '1.0.0' } } });
    expect(await refusal(npm.collect(memoryEntry('package-lock.json', old)))).toBe(
      'E_UNSUPPORTED npm-lock-version',
    );
  });
});
