import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { readImageConfig } from '../../../src/formats/oci/read-image-config.ts';
import { readSaveManifest } from '../../../src/formats/oci/read-save-manifest.ts';
import { readAll } from '../../../src/formats/read-all.ts';
import { refusal, survivesHostileBytes } from '../../fixtures/hostile-bytes.ts';
import { imageOf } from '../../fixtures/image-writer.ts';

const { config, layers } = imageOf({
  layers: [{ tar: Buffer.from('a'), createdBy: 'ADD a' }],
  platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
  config: {
    created: '2026-01-02T03:04:05Z',
    config: {
      User: 'app',
      Env: ['PATH=/bin'],
      Entrypoint: ['vllm', 'serve'],
      Cmd: null,
      Labels: { a: 'b' },
      ExposedPorts: { '8000/tcp': {} },
      Volumes: { '/data': {} },
      WorkingDir: '/app',
    },
  },
});

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

describe('readImageConfig', () => {
  it('reads what an image says of itself', () => {
    expect(readImageConfig(config.bytes)).toEqual({
      platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
      created: '2026-01-02T03:04:05Z',
      user: 'app',
      workingDirectory: '/app',
      env: ['PATH=/bin'],
      entrypoint: ['vllm', 'serve'],
      cmd: [],
      labels: { a: 'b' },
      exposedPorts: ['8000/tcp'],
      volumes: ['/data'],
      diffIds: [{ algorithm: 'sha256', hex: layers[0]?.diffId.slice(7) }],
      history: [{ createdBy: 'ADD a', emptyLayer: false }],
    });
  });

  it('takes an empty one, and one word for a command', () => {
    expect(readImageConfig(json({}))).toMatchObject({ env: [], labels: {}, diffIds: [], history: [] });
    expect(readImageConfig(json({ config: { Cmd: 'serve' } })).cmd).toEqual(['serve']);
  });

  it.each([
    ['a variable that is no text', { config: { Env: ['A=1', 2] } }, 'E_MALFORMED oci-type'],
    ['a label that is no text', { config: { Labels: { a: {} } } }, 'E_MALFORMED oci-type'],
    ['a platform that is no text', { os: 1, architecture: 'amd64' }, 'E_MALFORMED oci-type'],
    ['a layer that may be empty', { history: [{ empty_layer: 'yes' }] }, 'E_MALFORMED oci-type'],
    [
      'a diffID that is a path',
      { rootfs: { diff_ids: ['sha256:../../etc/passwd'] } },
      'E_MALFORMED oci-digest',
    ],
    [
      'a diffID of another algorithm',
      { rootfs: { diff_ids: [`md5:${'a'.repeat(32)}`] } },
      'E_UNSUPPORTED oci-digest-algorithm',
    ],
    ['a variable that Go would read', { config: { Env: ['A=1'], env: ['A=2'] } }, 'E_MALFORMED oci-case'],
    ['a root file system that Go would read', { RootFS: { diff_ids: [] } }, 'E_MALFORMED oci-case'],
    ['diffIDs that Go would read', { rootfs: { diff_ids: [], diff_idſ: [] } }, 'E_MALFORMED oci-case'],
    ['a history that Go would read', { history: [{ Empty_Layer: true }] }, 'E_MALFORMED oci-case'],
    ['another root file system', { rootfs: { type: 'tree' } }, 'E_UNSUPPORTED oci-rootfs-type'],
    [
      'too many layers',
      { rootfs: { diff_ids: Array(limits.imageLayers + 1).fill(layers[0]?.diffId) } },
      'E_LIMIT oci-layers',
    ],
  ])('refuses %s', async (_, document, expected) => {
    expect(await refusal(Promise.resolve().then(() => readImageConfig(json(document))))).toBe(expected);
  });

  survivesHostileBytes(
    async (source) => readImageConfig(await readAll(source, source.size, 'it')),
    config.bytes,
    {
      refusesEveryTruncation: true,
    },
  );
});

describe('readSaveManifest', () => {
  const saved = json([
    { Config: 'a.json', RepoTags: ['team/app:v1'], Layers: ['1/layer.tar', '1/layer.tar'] },
  ]);

  it('reads the images of an archive', () => {
    expect(readSaveManifest(saved)).toEqual([
      { config: 'a.json', tags: ['team/app:v1'], layers: ['1/layer.tar', '1/layer.tar'] },
    ]);
    expect(readSaveManifest(json([{ Config: 'a', RepoTags: null, Layers: null }]))).toMatchObject([
      { tags: [] },
    ]);
  });

  it.each([
    ['no list', {}],
    ['an image without a configuration', [{ Layers: [] }]],
  ])('refuses %s', async (_, document) => {
    const reading = Promise.resolve().then(() => readSaveManifest(json(document)));
    expect(await refusal(reading)).toBe('E_MALFORMED oci-save-manifest');
  });

  it.each([{ config: 'b.json' }, { layers: ['2/layer.tar'] }, { repotags: ['app:v2'] }])(
    'refuses what Go would read with %j',
    async (more) => {
      const document = json([{ Config: 'a.json', RepoTags: ['app:v1'], Layers: ['1/layer.tar'], ...more }]);
      const reading = Promise.resolve().then(() => readSaveManifest(document));
      expect(await refusal(reading)).toBe('E_MALFORMED oci-case');
    },
  );

  survivesHostileBytes(async (source) => readSaveManifest(await readAll(source, source.size, 'it')), saved, {
    refusesEveryTruncation: true,
  });
});
