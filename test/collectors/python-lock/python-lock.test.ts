import { describe, expect, it } from 'vitest';
import { pythonLock } from '../../../src/collectors/python-lock/index.ts';
import { parseRequirement } from '../../../src/collectors/python-lock/requirement.ts';
import type { Collected } from '../../../src/core/collector.ts';
import type { AttributeName, Fact } from '../../../src/core/fact.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { valuesOf } from '../collected.ts';
import { commit, digests, environment, pdm, pipfile, poetry, pylock, requirements, uv } from './example.ts';

const { a, b, c } = digests;
const hash = 'mlbom:package:hash';
const basis = 'mlbom:package:basis';
const git = `pkg:pypi/from-git?vcs_url=git%2Bhttps://example.org/x/from-git.git%40${commit}`;
const gitWithVersion = git.replace('?', '@1.0?');
const index = { type: 'distribution', url: 'https://example.org/simple', comment: 'package index' };

describe('python-lock', () => {
  it('reads uv.lock', async () => {
    const read = await collect('uv.lock', uv);
    expect(fileOf(read)).toEqual({ 'mlbom:file:format': 'uv.lock', 'mlbom:file:format-version': '1' });
    expect(packagesOf(read)).toEqual(['pkg:pypi/torch@2.3.1%2Bcu121', gitWithVersion]);
    expect(stated(read, 'torch')).toMatchObject({
      [basis]: 'locked',
      [hash]: [`sha256:${b}`, `sha256:${a}`],
      references: [{ ...index, url: 'https://example.org/whl/cu121' }],
      'mlbom:ai:category': 'training',
    });
    expect(needsOf(read, 'torch')).toEqual(['pkg:pypi/numpy-like']);
    expect(stated(read, 'from-git').references).toEqual([
      { type: 'vcs', url: 'https://example.org/x/from-git.git' },
    ]);
  });

  it('reads poetry.lock', async () => {
    const read = await collect('poetry.lock', poetry);
    expect(packagesOf(read)).toEqual(['pkg:pypi/torch@2.3.1', 'pkg:pypi/old@1.0']);
    expect(stated(read, 'torch')).toMatchObject({ [hash]: `sha256:${a}`, references: [index] });
    expect(needsOf(read, 'torch')).toEqual(['pkg:pypi/numpy', 'pkg:pypi/odd']);
    expect(stated(read, 'old')[hash]).toBe(`md5:${'0f'.repeat(16)}`);
  });

  it('reads pdm.lock', async () => {
    const read = await collect('pdm.lock', pdm);
    expect(packagesOf(read)).toEqual(['pkg:pypi/torch@2.3.1', gitWithVersion]);
    expect(stated(read, 'torch')[hash]).toBe(`sha256:${a}`);
    expect(needsOf(read, 'torch')).toEqual(
      ['numpy', 'typing-extensions', 'triton'].map((name) => `pkg:pypi/${name}`),
    );
  });

  it('reads pylock.toml', async () => {
    const read = await collect('pylock.toml', pylock);
    expect(fileOf(read)).toEqual({ 'mlbom:file:format': 'pylock.toml', 'mlbom:file:format-version': '1.0' });
    expect(packagesOf(read)).toEqual(['pkg:pypi/torch@2.3.1', 'pkg:pypi/packed', git]);
    expect(stated(read, 'torch')[hash]).toEqual([`sha256:${a}`, `sha256:${b}`]);
    expect(stated(read, 'torch')).not.toHaveProperty('references');
    const hashes = [{ algorithm: 'sha256', hex: c }];
    expect(stated(read, 'packed').references).toEqual([
      { type: 'distribution', url: 'https://example.org/packed.zip', hashes },
    ]);
  });

  it('reads Pipfile.lock, and tells no part of an address that holds variables', async () => {
    const read = await collect('Pipfile.lock', JSON.stringify(pipfile));
    expect(packagesOf(read)).toEqual(['pkg:pypi/torch@2.3.1', git, 'pkg:pypi/pytest@8.0.0']);
    expect(stated(read, 'torch')).toMatchObject({
      [hash]: [`sha256:${a}`, `sha256:${b}`],
      references: [index],
    });
  });

  it('reads requirements', async () => {
    const read = await collect('requirements.txt', requirements);
    expect(read.problems).toEqual([]);
    expect(fileOf(read)).toEqual({
      'mlbom:file:format': 'requirements.txt',
      'mlbom:file:header': ['includes=base.txt', 'index=https://example.org/simple/'],
    });
    expect(read.facts.slice(1).map((fact) => [valuesOf(fact).purl, valuesOf(fact)[basis]])).toEqual([
      ['pkg:pypi/torch@2.3.1%2Bcu121', 'locked'],
      ['pkg:pypi/numpy-like', 'required'],
      ['pkg:pypi/pinned@1.0', 'locked'],
      ['pkg:pypi/fuzzy', 'required'],
      ['pkg:pypi/bare', 'required'],
      [`pkg:pypi/why?vcs_url=git%2Bhttps://example.org/x/why.git%40${commit}`, 'locked'],
      ['pkg:pypi/branch?vcs_url=git%2Bssh://example.org/x/branch.git', 'required'],
      ['pkg:pypi/wheel@1.5%2Bcpu', 'locked'],
      ['pkg:pypi/other@2.0', 'locked'],
    ]);
    expect(stated(read, 'torch')[hash]).toEqual([`sha256:${a}`, `sha256:${b}`]);
    expect(stated(read, 'wheel')[hash]).toBe(`sha256:${c}`);
    expect(JSON.stringify(read)).not.toMatch(/user|pw|somebody/);
  });

  it('says which lines are no requirements, and refuses prose', async () => {
    const { facts, problems } = await collect('requirements.txt', 'a==1\nb\nthis is prose\n');
    expect(facts).toHaveLength(3);
    expect(problems).toMatchObject([{ code: 'requirements-line', effect: 'incomplete' }]);
    expect(await refusal(collect('requirements.txt', 'You need a computer.\nAnd some time.\n'))).toBe(
      'E_MALFORMED requirements',
    );
  });

  it('reads requirements as PowerShell writes them', async () => {
    const wide = Buffer.from('\ufefftorch==2.3.1\r\n', 'utf16le');
    expect(packagesOf(await collect('requirements.txt', wide))).toEqual(['pkg:pypi/torch@2.3.1']);
  });

  it("reads conda's environments", async () => {
    const read = await collect('environment.yml', environment);
    expect(read.problems).toEqual([]);
    expect(fileOf(read)['mlbom:file:header']).toEqual(['channel=conda-forge', 'includes=more.txt']);
    expect(packagesOf(read)).toEqual([
      'pkg:conda/python',
      'pkg:conda/numpy@1.26.4?build=py311_0&channel=conda-forge',
      'pkg:conda/scipy@1.13.0',
      'pkg:conda/pytorch',
      'pkg:pypi/torch@2.3.1',
    ]);
  });

  it('states what is spoken of under its purl, in no place', async () => {
    const [, fact] = (await collect('requirements.txt', 'a==1\n')).facts;
    expect(fact?.about).toEqual({ kind: 'component', key: 'pkg:pypi/a@1' });
  });

  it('says that an entry has no name', async () => {
    const { facts, problems } = await collect('uv.lock', '[[package]]\nname = "../x"\nversion = "1"\n');
    expect(facts).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'lock-name', effect: 'contradiction' }]);
  });

  it.each([
    ['requirements.txt', true],
    ['docker/requirements/base.txt', true],
    ['dev-requirements.txt', true],
    ['constraints-cuda.txt', true],
    ['requirements.md', false],
    ['notes.txt', false],
    ['conda.yaml', true],
    ['x.py.lock', true],
    ['Cargo.lock', false],
    ['pyproject.toml', false],
  ])('wants %s: %s', (path, wanted) => {
    const head = Buffer.from('dependencies: []');
    expect(pythonLock.wants(memoryEntry(path, head), head)).toBe(wanted);
  });

  it("does not want another program's environment", () => {
    const head = Buffer.from('services: {}');
    expect(pythonLock.wants(memoryEntry('environment.yml', head), head)).toBe(false);
  });
});

describe('parseRequirement', () => {
  it.each([
    ['a', undefined],
    ['a[b,c]==1.0;x', '1.0'],
    ['a == 1.0', '1.0'],
    ['a(==1.0)', '1.0'],
    ['a==1.0,!=1.1', undefined],
    ['a~=1.0', undefined],
  ])('reads %s', (text, version) => {
    expect(parseRequirement(text)).toMatchObject({ name: 'a', version });
  });

  it.each(['', '==1', 'two words', '--flag', 'a!', 'git+https://example.org/x.git', '../x'])(
    'gives nothing for %j',
    (text) => {
      expect(parseRequirement(text)).toBe(undefined);
    },
  );

  it.each(['a', ' ', '[', '(', 'a@', '#', '--hash=', '=', '-'])('ends soon with many %j', (part) => {
    parseRequirement(part.repeat(200_000));
    parseRequirement(`a @ git+https://${part.repeat(200_000)}`);
    parseRequirement(`a${part.repeat(200_000)}!`);
  });
});

async function collect(path: string, content: Uint8Array | string): Promise<Collected> {
  return pythonLock.collect(memoryEntry(path, content));
}

function packagesOf({ facts }: Collected): unknown[] {
  return facts.slice(1).map((fact) => valuesOf(fact).purl);
}

function fileOf({ facts }: Collected): Partial<Record<AttributeName, unknown>> {
  return valuesOf((facts as [Fact])[0]);
}

function factOf({ facts }: Collected, name: string): Fact {
  const found = facts.find((fact) => valuesOf(fact).name === name);
  if (!found) throw new Error(`nothing is said of ${name}`);
  return found;
}

function stated(read: Collected, name: string): Partial<Record<AttributeName, unknown>> {
  return valuesOf(factOf(read, name));
}

function needsOf(read: Collected, name: string): unknown[] {
  return factOf(read, name).relations.map((relation) => ('to' in relation ? relation.to.purl : undefined));
}
