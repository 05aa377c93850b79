import { describe, expect, it } from 'vitest';
import { conda } from '../../../src/collectors/conda/index.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';
import { files, record } from './example.ts';

const path = 'opt/conda/conda-meta/pytorch-2.8.0-cuda128_py311_0.json';
const read = async (changes: object = {}) => factOf(conda, path, JSON.stringify({ ...record, ...changes }));

describe('conda', () => {
  it('reads the record of a package, without its token', async () => {
    const fact = await read();
    expect(fact).toMatchObject({
      about: { kind: 'component', key: `conda:${path}`, path },
      type: 'framework',
    });
    expect(valuesOf(fact)).toEqual({
      name: 'pytorch',
      version: '2.8.0',
      purl: 'pkg:conda/pytorch@2.8.0?build=cuda128_py311_0&channel=conda-forge&subdir=linux-64&type=conda',
      license: { license: 'BSD-3-Clause' },
      references: [
        {
          type: 'distribution',
          url: 'https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.8.0-cuda128_py311_0.conda',
          hashes: [
            { algorithm: 'sha256', hex: 'ab'.repeat(32) },
            { algorithm: 'md5', hex: 'd41d8cd98f00b204e9800998ecf8427e' },
          ],
        },
      ],
      'mlbom:ai:category': 'training',
      'mlbom:package:basis': 'installed',
      'mlbom:package:header': ['channel=conda-forge', 'build=cuda128_py311_0', 'requested=true'],
      'mlbom:package:installer': 'conda',
      'mlbom:package:location': path,
    });
    expect(withoutEvidence(fact)).toEqual([
      { type: 'depends-on', to: { name: 'numpy', purl: 'pkg:conda/numpy' } },
      { type: 'depends-on', to: { name: 'python', purl: 'pkg:conda/python' } },
    ]);
  });

  it('lists files with the digests that they have where they lie, and none without bytes of its own', async () => {
    const { lists } = await conda.collect(memoryEntry(path, files[path] ?? ''));
    expect(lists).toEqual([
      {
        component: `conda:${path}`,
        path,
        owns: [],
        files: [
          {
            path: 'opt/conda/lib/libtorch.so',
            size: 12,
            digest: { algorithm: 'sha256', hex: 'cd'.repeat(32) },
          },
          { path: 'opt/conda/bin/torchrun', digest: { algorithm: 'sha256', hex: 'ef'.repeat(32) } },
        ],
      },
    ]);
  });

  it.each([
    ['https://repo.anaconda.com/pkgs/main/linux-64', 'main'],
    ['https://user:pw@example.org/own/noarch', 'own'],
    ['conda-forge', 'conda-forge'],
    ['file:///home/me/channel', undefined],
    ['<unknown>', undefined],
  ])('calls the channel %s %s', async (channel, name) => {
    const purl = `${String(valuesOf(await read({ channel })).purl)}&`;
    expect(/channel=([^&]*)&/.exec(purl)?.[1]).toBe(name);
  });

  it('keeps of the history the version of conda alone', async () => {
    const fact = await factOf(
      conda,
      'opt/conda/conda-meta/history',
      files['opt/conda/conda-meta/history'] ?? '',
    );
    expect(fact).toMatchObject({
      about: { kind: 'component', key: 'environment:opt/conda', path: 'opt/conda' },
      type: 'platform',
    });
    expect(valuesOf(fact)).toEqual({
      name: 'Conda environment opt/conda',
      'mlbom:environment': 'creator=conda 25.1.1',
    });
  });

  it('refuses a record of no package, and wants no other file there', async () => {
    const entry = memoryEntry(path, '{"name":"a"}');
    expect(await refusal(conda.collect(entry))).toBe('E_MALFORMED conda-record');
    for (const other of [
      'conda-meta/a.json/b',
      'conda-meta/pinned',
      'xconda-meta/a.json',
      'conda-meta/a/b.json',
    ])
      expect(conda.wants(memoryEntry(other, '{}'), Buffer.from('{}'))).toBe(false);
  });
});
