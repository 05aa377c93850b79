import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openLayout } from '../../../src/stores/oci/open-layout.ts';
import { recogniseImage } from '../../../src/stores/oci/recognise-image.ts';
import { splitPlace } from '../../../src/stores/oci/split-place.ts';
import {
  dockerArchive,
  dockerArchiveWithIndex,
  imageOf,
  layoutArchive,
  writeLayout,
  zstdFrame,
} from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { told } from './told.ts';

const image = imageOf({ layers: [{ tar: Buffer.from('one') }, { tar: Buffer.from('two') }] });

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryDirectory(), 'image.tar');
  writeFileSync(path, bytes);
  return path;
}

describe('recogniseImage', () => {
  it.each([
    ['a tar of a layout', layoutArchive([image]), 'oci-archive'],
    ['what docker save writes', dockerArchiveWithIndex(image), 'docker-archive'],
    ['what docker save wrote', dockerArchive(image), 'docker-archive'],
    ['what docker save wrote, with links', dockerArchive(image, { links: true }), 'docker-archive'],
    ['a gzipped tar of a layout', gzipSync(layoutArchive([image])), 'oci-archive'],
    ['what docker save wrote, gzipped', gzipSync(dockerArchive(image)), 'docker-archive'],
    ['a layout that zstd packed', zstdFrame(layoutArchive([image])), 'oci-archive'],
    ['one that was cut', dockerArchive(image).subarray(0, 2000), 'docker-archive'],
    [
      'an ordinary tar',
      writeTar([
        { name: 'config.json', content: '{}' },
        { name: 'model.bin', content: 'x' },
      ]),
      undefined,
    ],
    [
      'an ordinary tar with a manifest.json',
      writeTar([{ name: 'manifest.json', content: '{"name":"app"}' }]),
      undefined,
    ],
    ['an ordinary tar with an index.json', writeTar([{ name: 'index.json', content: '{}' }]), undefined],
    ['an ordinary gzipped tar', gzipSync(writeTar([{ name: 'config.json', content: '{}' }])), undefined],
    [
      'an ordinary gzipped tar with a manifest.json',
      gzipSync(
        writeTar([
          { name: 'manifest.json', content: '{}' },
          { name: 'app.js', content: 'x' },
        ]),
      ),
      undefined,
    ],
    ['a gzipped text', gzipSync('text'), undefined],
    ['a broken gzip', Buffer.from('1f8b00', 'hex'), undefined],
    ['a text', Buffer.from('text'), undefined],
    ['nothing', new Uint8Array(), undefined],
  ])('takes %s for what it is', async (_, bytes, kind) => {
    expect(await recogniseImage(fileOf(bytes))).toBe(kind);
  });

  it('takes a directory for a layout when it has the marker, and nothing else beside it', async () => {
    const directory = temporaryDirectory();
    writeLayout(directory, [image]);
    mkdirSync(join(directory, 'ingest'));
    expect(await recogniseImage(directory)).toBe('oci-layout');
    rmSync(join(directory, 'index.json'));
    expect(await recogniseImage(directory)).toBe('oci-layout');
    expect(await told(openLayout(directory))).toMatch(/^E_UNSUPPORTED oci-layout: .*index\.json is missing/);
    writeFileSync(join(directory, 'model.safetensors'), '');
    expect(await recogniseImage(directory)).toBeUndefined();
    const texts = { 'index.json': '{}', 'oci-layout': 'notes' };
    expect(await recogniseImage(temporaryDirectory(texts))).toBeUndefined();
    expect(await recogniseImage(temporaryDirectory({ 'index.json': '{}' }))).toBeUndefined();
  });

  it('says when there is nothing', async () => {
    expect(await told(recogniseImage(join(temporaryDirectory(), 'none')))).toMatch(/^E_NOT_FOUND/);
  });
});

describe('splitPlace', () => {
  it('takes for the path what is there', async () => {
    const directory = temporaryDirectory({ 'a:b/file': '' });
    const path = join(directory, 'a:b');
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(await splitPlace(path)).toEqual({ path });
    expect(await splitPlace(`${path}:v1`)).toEqual({ path, name: 'v1' });
    expect(await splitPlace(`${path}:team/app:v1`)).toEqual({ path, name: 'team/app:v1' });
    const longer = `${path}@sha256:${'a'.repeat(128)}`;
    expect(await splitPlace(longer)).toEqual({ path: longer });
    expect(await splitPlace(`${path}@${digest}`)).toEqual({ path, name: digest });
    expect(await splitPlace(join(directory, 'none:v1'))).toEqual({ path: join(directory, 'none:v1') });
  });
});
