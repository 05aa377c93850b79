import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../../../src/collectors/python-environment/index.ts';
import { memberEntry } from '../../../src/core/member-entry.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf } from '../collected.ts';
import { files } from './example.ts';

const site = '.venv/lib/python3.11/site-packages';

describe('python-environment', () => {
  it('reads pyvenv.cfg, and keeps no path of it', async () => {
    const fact = await factOf(pythonEnvironment, '.venv/pyvenv.cfg', files['.venv/pyvenv.cfg'] ?? '');
    expect(fact).toMatchObject({
      about: { kind: 'component', key: 'environment:.venv', path: '.venv' },
      type: 'platform',
    });
    expect(valuesOf(fact)).toEqual({
      name: 'Python 3.11 environment .venv',
      version: '3.11.7',
      'mlbom:environment': ['implementation=CPython', 'prompt=support', 'uv=0.8.3'],
    });
  });

  it.each([
    ['version = 3.13.0rc1\n', '3.13.0rc1'],
    ['version_info = 3.12.3.final.0\n', '3.12.3'],
    ['version = unknown\n', undefined],
  ])('reads the version of %j', async (line, version) => {
    const fact = await factOf(pythonEnvironment, 'pyvenv.cfg', `home = /x\n${line}`);
    expect(valuesOf(fact).version).toBe(version);
  });

  it.each([
    [`${site}/a-1.dist-info/METADATA`, '.venv', 'Python 3.11 environment .venv'],
    ['lib/python3.13t/site-packages/a-1.dist-info/METADATA', '.', 'Python 3.13 environment'],
    [
      'opt/conda/lib/python3.12/site-packages/a.egg-info/PKG-INFO',
      'opt/conda',
      'Python 3.12 environment opt/conda',
    ],
    ['C/Lib/site-packages/a-1.dist-info/METADATA', 'C', 'Python environment C'],
    [
      'usr/local/lib/python3.11/site-packages/a-1.dist-info/METADATA',
      'usr/local/lib/python3.11/site-packages',
      'Python 3.11 environment usr/local/lib/python3.11/site-packages',
    ],
    [
      'usr/lib/python3/dist-packages/a.egg-info',
      'usr/lib/python3/dist-packages',
      'Python environment usr/lib/python3/dist-packages',
    ],
    ['x/site-packages/a-1.dist-info/METADATA', 'x/site-packages', 'Python environment x/site-packages'],
  ])('knows by %s the environment %s', async (path, environment, name) => {
    const fact = await factOf(pythonEnvironment, path, 'Name: a\n');
    expect(fact.about).toEqual({ kind: 'component', key: `environment:${environment}`, path: environment });
    expect(valuesOf(fact)).toEqual({ name });
  });

  it.each([
    'vendored/a-1.dist-info/METADATA',
    `${site}/setuptools/_vendor/a-1.dist-info/METADATA`,
    'opt/conda/pkgs/a-1-0/lib/python3.12/site-packages/a-1.dist-info/METADATA',
    `${site}/a-1.dist-info/RECORD`,
    'x/pyvenv.cfg.txt',
  ])('sees no environment in %s', (path) => {
    expect(pythonEnvironment.wants(memoryEntry(path, 'x'), Buffer.from('x'))).toBe(false);
  });

  it('sees none in an archive', () => {
    const member = memberEntry(memoryEntry('a.zip', ''), 'pyvenv.cfg', memoryEntry('x', 'home = /x\n'));
    expect(pythonEnvironment.wants(member, Buffer.from('home = /x\n'))).toBe(false);
  });
});
