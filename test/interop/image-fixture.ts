import { execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

const run = promisify(execFile);
const tools = ['skopeo', 'umoci', 'buildah', 'docker-registry', 'dpkg-query', 'chroot'];
const place = process.env['MLBOM_INTEROP_IMAGES'] ?? fileURLToPath(new URL('../../.images', import.meta.url));
const tag = 'v1';

/** An image that `scripts/ci/build-image.js` made, and programs that read it. */
export interface RealImage {
  readonly layout: string;
  readonly tag: string;
}

/** The forms in which the same image is kept, as sources for `mlbom generate`. */
export interface Forms {
  readonly layout: string;
  readonly 'oci-archive': string;
  readonly 'docker-archive': string;
  readonly 'docker save with an index': string;
  readonly registry: string;
  readonly 'registry, in words of Docker': string;
}

/** Undefined, after saying why, where the image or one of the programs is missing. */
export function realImage(): RealImage | undefined {
  const layout = join(place, 'layout');
  const missing = [
    ...(existsSync(layout) ? [] : ['an image (node scripts/ci/build-image.js)']),
    ...tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0),
    ...(process.getuid?.() === 0 ? [] : ['root']),
  ];
  if (missing.length > 0) {
    const why = `no tests of images without ${missing.join(', ')}`;
    absent('images', why);
    return undefined;
  }
  return { layout, tag };
}

/** A build of Trivy that `scripts/ci/fetch-trivy.js` fetched. */
export function trivyProgram(): string | undefined {
  const program = join(place, 'trivy');
  if (existsSync(program)) return program;
  absent('trivy', 'no Trivy (node scripts/ci/fetch-trivy.js)');
  return undefined;
}

function absent(name: string, why: string): void {
  if ((process.env['MLBOM_INTEROP_REQUIRED'] ?? '').split(',').includes(name)) throw new Error(why);
  console.log(`skipped: ${why}`);
}

/** Copies the image into every form, below a directory; the registry runs until the tests of the file end. */
export async function formsOf(image: RealImage, directory: string): Promise<Forms> {
  const from = `oci:${image.layout}:${image.tag}`;
  const packedWithGzip = `oci:${image.layout}:gzip`;
  const archive = join(directory, 'oci.tar');
  const saved = join(directory, 'docker.tar');
  await runs('skopeo', 'copy', '-q', from, `oci-archive:${archive}:v1`);
  await runs(
    'skopeo',
    'copy',
    '-q',
    packedWithGzip,
    `docker-archive:${saved}:registry.example.org/team/app:v1`,
  );
  const host = await startDockerRegistry(directory);
  const push = ['copy', '-q', '--dest-tls-verify=false'];
  await runs('skopeo', ...push, from, `docker://${host}/team/app:v1`);
  await runs('skopeo', ...push, '--format', 'v2s2', packedWithGzip, `docker://${host}/team/app:docker`);
  return {
    layout: `oci-layout:${image.layout}:${image.tag}`,
    'oci-archive': `oci-archive:${archive}`,
    'docker-archive': `docker-archive:${saved}`,
    'docker save with an index': `docker-archive:${await savedWithIndex(from, directory)}`,
    registry: `oci://${host}/team/app:v1`,
    'registry, in words of Docker': `oci://${host}/team/app:docker`,
  };
}

/** The file system that a runtime would show, unpacked by umoci. */
export async function unpackedRoot(image: RealImage, directory: string): Promise<string> {
  const bundle = join(directory, 'bundle');
  await runs('umoci', 'unpack', '--keep-dirlinks', '--image', `${image.layout}:gzip`, bundle);
  return join(bundle, 'rootfs');
}

/** An image of one model and nothing else, whose only layer buildah leaves unpacked; its base is said, but not which. */
export async function modelcar(model: string, directory: string): Promise<string> {
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(directory, 'b'),
    '--runroot',
    join(directory, 'r'),
  ];
  const buildah = (...args: string[]): Promise<string> => runs('buildah', ...storage, ...args);
  const container = (await buildah('from', 'scratch')).trim();
  await buildah('copy', container, model, '/models');
  const base = 'org.opencontainers.image.base.name=registry.example.org/base:1';
  await buildah('config', '--annotation', base, '--label', 'org.opencontainers.image.version=2', container);
  const layout = join(directory, 'modelcar');
  await buildah('commit', '-q', '--format', 'oci', container, `oci:${layout}:v1`);
  return `oci-layout:${layout}:v1`;
}

/** A copy of the layout in which the blob of a layer is other bytes under the same name. */
export function tamperedLayout(
  image: RealImage,
  directory: string,
  index: number,
  bytes: Uint8Array,
): string {
  const copy = join(directory, `tampered-${index}`);
  cpSync(image.layout, copy, { recursive: true });
  const digest = manifestOf(image).layers[index]?.digest ?? '';
  writeFileSync(join(copy, 'blobs', ...digest.split(':')), bytes);
  return copy;
}

export interface ManifestText {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

export function manifestOf(image: RealImage): ManifestText {
  const index = readJson(join(image.layout, 'index.json')) as {
    readonly manifests: readonly { digest: string; annotations: Readonly<Record<string, string>> }[];
  };
  const entry = index.manifests.find(
    ({ annotations }) => annotations['org.opencontainers.image.ref.name'] === image.tag,
  );
  return readJson(blobFile(image, entry?.digest ?? '')) as ManifestText;
}

/** Digests of the unpacked layers, lowest first. */
export function diffIdsOf(image: RealImage): readonly string[] {
  const config = readJson(blobFile(image, manifestOf(image).config.digest));
  return (config as { readonly rootfs: { readonly diff_ids: readonly string[] } }).rootfs.diff_ids;
}

/** What a program prints; rejects when it does not exit with 0. */
export async function runs(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 28, timeout: 100_000 });
  return stdout;
}

/** What `docker save` writes where containerd keeps the images: a layout, and a `manifest.json` over its blobs. */
async function savedWithIndex(from: string, directory: string): Promise<string> {
  const layout = join(directory, 'saved');
  await runs('skopeo', 'copy', '-q', from, `oci:${layout}:v1`);
  const { config, layers } = manifestOf({ layout, tag: 'v1' });
  const pathOf = ({ digest }: { readonly digest: string }): string => `blobs/${digest.replace(':', '/')}`;
  const saved = {
    Config: pathOf(config),
    RepoTags: ['registry.example.org/team/app:v1'],
    Layers: layers.map(pathOf),
  };
  writeFileSync(join(layout, 'manifest.json'), JSON.stringify([saved]));
  const archive = join(directory, 'saved.tar');
  await runs('tar', '-C', layout, '-cf', archive, 'blobs', 'index.json', 'manifest.json', 'oci-layout');
  return archive;
}

/** Starts a registry of the distribution project; returns its host and port. */
export async function startDockerRegistry(directory: string): Promise<string> {
  const storage = join(directory, 'registry');
  mkdirSync(storage, { recursive: true });
  const address = `127.0.0.1:${await freePort()}`;
  const configuration = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: address },
  };
  const file = join(directory, 'registry.json');
  writeFileSync(file, JSON.stringify(configuration));
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  afterAll(() => {
    child.kill();
  });
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers(`http://${address}/v2/`)) return address;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('docker-registry did not start');
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function blobFile({ layout }: RealImage, digest: string): string {
  return join(layout, 'blobs', ...digest.split(':'));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
