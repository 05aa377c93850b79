import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonDist } from '../../../src/collectors/python-dist/index.ts';
import { isMlbomError } from '../../../src/core/errors.ts';
import { memberEntry } from '../../../src/core/member-entry.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { defaultSite } from '../../fixtures/python-distribution.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';
import { files } from './example.ts';

const info = `${defaultSite}/torch-2.8.0+cu128.dist-info`;
const about = { kind: 'component', key: `python:${info}`, path: info };

const read = (file: string, content = files[`${info}/${file}`] ?? '') =>
  factOf(pythonDist, `${info}/${file}`, content);
const metadata = async (...lines: string[]) =>
  valuesOf(
    await read('METADATA', ['Metadata-Version: 2.4', 'Name: a', 'Version: 1', ...lines, ''].join('\n')),
  );

describe('METADATA', () => {
  it('names the package, what it needs, and its part in an AI system', async () => {
    const fact = await read('METADATA');
    expect(fact).toMatchObject({ about, type: 'framework' });
    expect(valuesOf(fact)).toEqual({
      name: 'torch',
      version: '2.8.0+cu128',
      purl: 'pkg:pypi/torch@2.8.0%2Bcu128',
      description: 'Tensors and dynamic neural networks',
      license: { license: 'BSD-3-Clause' },
      authors: [{ name: 'Team, PyTorch', email: 'team@example.org' }],
      references: [{ type: 'vcs', url: 'https://example.org/torch' }],
      'mlbom:ai:category': 'training',
      'mlbom:package:basis': 'installed',
      'mlbom:package:header': 'requires-python=>=3.9',
      'mlbom:package:location': info,
    });
    expect(withoutEvidence(fact)).toEqual([
      { type: 'depends-on', to: { name: 'numpy', purl: 'pkg:pypi/numpy' } },
    ]);
  });

  it.each<[string, string[], string | undefined]>([
    [
      'an expression before all',
      ['License-Expression: MIT', 'License: GPL', 'Classifier: License :: OSI Approved :: BSD License'],
      'MIT',
    ],
    [
      'classifiers before a text',
      ['License: see LICENSE', 'Classifier: License :: OSI Approved :: MIT License'],
      'MIT',
    ],
    [
      'two classifiers',
      [
        'Classifier: License :: OSI Approved :: MIT License',
        'Classifier: License :: OSI Approved :: Apache Software License',
      ],
      'MIT, Apache-2.0',
    ],
    [
      'an SPDX name before a family',
      ['License: BSD-3-Clause', 'Classifier: License :: OSI Approved :: BSD License'],
      'BSD-3-Clause',
    ],
    [
      'a family where there is no more',
      ['License: BSD', 'Classifier: License :: OSI Approved :: BSD License'],
      'BSD License',
    ],
    [
      'the first line of a licence in full',
      ['License: MIT License', '        ', '        Copyright'],
      'MIT License',
    ],
    ['nothing', ['License: UNKNOWN'], undefined],
  ])('reads of the licence %s', async (_, lines, expected) => {
    expect((await metadata(...lines)).license).toEqual(expected && { license: expected });
  });

  it.each<[string[], unknown]>([
    [['Author: Ann', 'Author-email: ann@example.org'], [{ name: 'Ann', email: 'ann@example.org' }]],
    [
      ['Author-email: Ann <ann@example.org>, Bob <not an address>', 'Author: Cyd'],
      [{ name: 'Cyd' }, { name: 'Ann', email: 'ann@example.org' }, { name: 'Bob' }],
    ],
    [['Author: UNKNOWN', 'Maintainer: Dee'], [{ name: 'Dee' }]],
  ])('reads the authors of %j', async (lines, authors) => {
    expect((await metadata(...lines)).authors).toEqual(authors);
  });

  it('keeps addresses without credentials, each once, and none that is no address', async () => {
    const { references } = await metadata(
      'Home-page: https://example.org/a',
      'Project-URL: Home Page, https://example.org/a',
      'Project-URL: Bug Tracker, https://me:secret@example.org/issues?token=x',
      'Project-URL: Sponsor, https://example.org/give',
      'Project-URL: Docs, file:///home/me',
      'Download-URL: UNKNOWN',
    );
    expect(references).toEqual([
      { type: 'website', url: 'https://example.org/a' },
      { type: 'issue-tracker', url: 'https://example.org/issues' },
      { type: 'other', url: 'https://example.org/give', comment: 'Sponsor' },
    ]);
  });

  it('refuses what names no distribution', async () => {
    const entry = (text: string) => pythonDist.collect(memoryEntry(`${info}/METADATA`, text));
    expect(await refusal(entry('Version: 1\n'))).toBe('E_MALFORMED python-metadata-name');
    expect(await refusal(entry('Name: ../x\n'))).toBe('E_MALFORMED python-metadata-name');
  });
});

describe('RECORD', () => {
  it('lists the files within the artifact, and the directories that are its own', async () => {
    const { lists, facts } = await pythonDist.collect(
      memoryEntry(`${info}/RECORD`, files[`${info}/RECORD`] ?? ''),
    );
    expect(facts).toMatchObject([{ about, type: 'library' }]);
    expect(facts.map(valuesOf)).toMatchObject([
      {
        name: 'torch',
        version: '2.8.0+cu128',
        purl: 'pkg:pypi/torch@2.8.0%2Bcu128',
      },
    ]);
    expect(lists).toMatchObject([
      { component: about.key, path: `${info}/RECORD`, owns: [`${defaultSite}/torch`] },
    ]);
    const paths = lists?.[0]?.files.map(({ path }) => path);
    expect(paths).toEqual([
      `${defaultSite}/torch/__init__.py`,
      `${defaultSite}/torch/odd, "name".py`,
      '.venv/bin/torchrun',
      ...['METADATA', 'INSTALLER', 'WHEEL', 'direct_url.json', 'RECORD'].map((file) => `${info}/${file}`),
    ]);
  });

  it.each([
    ['../../../../../outside,,1', []],
    ['/usr/bin/a,,1', []],
    ['a/./b//../c.py,,1', [`${defaultSite}/a/c.py`]],
    ['a/..b/c...py,,1', [`${defaultSite}/a/..b/c...py`]],
    ['a/__pycache__/b.pyc,,', []],
    ['100%25.txt,,1', [`${defaultSite}/100%2525.txt`]],
    ['..,,', ['.venv/lib/python3.11']],
  ])('takes %s for %j', async (row, paths) => {
    const { lists } = await pythonDist.collect(memoryEntry(`${info}/RECORD`, `${row}\n`));
    expect(lists?.[0]?.files.map(({ path }) => path)).toEqual(paths);
  });

  it('holds nothing against the members of an archive', async () => {
    const path = 'a-1.dist-info/RECORD';
    const member = memberEntry(memoryEntry('x/a.whl', 'zip'), path, memoryEntry(path, 'a.py,,1\n'));
    const { lists, facts } = await pythonDist.collect(member);
    expect(lists).toBeUndefined();
    expect(facts).toMatchObject([{ about: { key: 'python:x/a.whl!/a-1.dist-info', path: 'x/a.whl' } }]);
    expect(facts.map(valuesOf)).toMatchObject([{ 'mlbom:package:basis': 'packed' }]);
  });
});

describe('direct_url.json', () => {
  const url = async (document: unknown) =>
    valuesOf(await factOf(pythonDist, `${info}/direct_url.json`, JSON.stringify(document)));

  it('says where it came from, without credentials', async () => {
    expect(valuesOf(await read('direct_url.json'))).toEqual({
      references: [
        {
          type: 'vcs',
          url: 'https://example.org/torch.git',
          comment: 'commit 0123456789abcdef0123456789abcdef01234567',
        },
      ],
      'mlbom:package:header': ['commit=0123456789abcdef0123456789abcdef01234567', 'revision=v2.8.0'],
    });
    expect(await url({ url: 'ssh://git:pw@example.org/a.git', vcs_info: { vcs: 'git' } })).toEqual({
      references: [{ type: 'vcs', url: 'ssh://example.org/a.git' }],
    });
  });

  it('keeps the digest of an archive', async () => {
    const hex = 'AB'.repeat(32);
    const reference = {
      type: 'distribution',
      url: 'https://example.org/a.whl',
      hashes: [{ algorithm: 'sha256', hex: hex.toLowerCase() }],
    };
    const address = 'https://example.org/a.whl?token=x';
    for (const archive of [
      { hashes: { sha256: hex, none: 'x' } },
      { hash: `sha256=${hex}` },
      { hash: 'sha256=x', hashes: { sha256: hex } },
    ])
      expect((await url({ url: address, archive_info: archive })).references).toEqual([reference]);
  });

  it('keeps no path of a machine', async () => {
    expect(await url({ url: 'file:///home/me/a', dir_info: { editable: true } })).toEqual({
      'mlbom:package:header': ['origin=local directory', 'editable=true'],
    });
    expect(await url({ url: 'file:///home/me/a.whl', archive_info: {} })).toEqual({
      'mlbom:package:header': 'origin=local archive',
    });
  });

  it('ends in a fact without credentials or in an MlbomError, whatever the URL and the document', async () => {
    const address = fc
      .tuple(fc.constantFrom('https', 'ssh', 'git+https', 'file', 'x'), fc.string())
      .map(([scheme, rest]) => `${scheme}://user:s3cret@${rest}`);
    const document = fc.record(
      {
        url: fc.oneof(address, fc.string()),
        vcs_info: fc.jsonValue(),
        archive_info: fc.jsonValue(),
        dir_info: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        try {
          const { references = [] } = await url(value);
          expect(JSON.stringify(references)).not.toContain('s3cret');
        } catch (error) {
          if (!isMlbomError(error)) throw error;
        }
      }),
    );
  });
});

describe('the files beside them', () => {
  it('say who installed it, for which platform, and that somebody asked for it', async () => {
    expect(valuesOf(await read('INSTALLER'))).toEqual({ 'mlbom:package:installer': 'pip' });
    expect(valuesOf(await read('WHEEL'))['mlbom:package:header']).toEqual([
      'generator=setuptools (80.9.0)',
      'tag=cp311-cp311-linux_x86_64',
    ]);
    expect(valuesOf(await read('REQUESTED', ''))).toEqual({ 'mlbom:package:header': 'requested=true' });
  });

  it.each(['a.egg-info', 'a-1.0-py3.11.egg-info', 'a.egg-info/PKG-INFO'])('reads %s', async (file) => {
    const fact = await factOf(pythonDist, file, 'Metadata-Version: 1.0\nName: a\nVersion: 1.0\n');
    const path = file.replace('/PKG-INFO', '');
    expect(fact.about).toEqual({ kind: 'component', key: `python:${path}`, path });
    expect(valuesOf(fact)).toMatchObject({ name: 'a', purl: 'pkg:pypi/a@1.0' });
  });

  it.each(['METADATA', 'a.dist-info/licenses/METADATA', 'a.dist-info/constructor', 'a.dist-info/METADATA/x'])(
    'are not %s',
    (path) => {
      expect(pythonDist.wants(memoryEntry(path, 'Name: a\n'), Buffer.from('Name: a\n'))).toBe(false);
    },
  );

  it('are not those that a link leads to', () => {
    const entry = memoryEntry('lib64/python3.11/site-packages/a-1.dist-info/METADATA', 'Name: a\n');
    expect(pythonDist.wants(entry, Buffer.of())).toBe(true);
    expect(pythonDist.wants({ ...entry, link: 'lib' }, Buffer.of())).toBe(false);
  });
});
