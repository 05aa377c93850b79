// Makes images as their builders do: a Debian root by debootstrap, and layers of what commands change in it by umoci.
// Needs root: the commands run in the image's own file system.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const mirror = 'http://deb.debian.org/debian';
/** Every history line has it, so that the same layers give the same configuration. */
const created = '2026-01-01T00:00:00Z';

/** Programs that are not here, of those that an image is made with. */
export function missingTools() {
  return ['debootstrap', 'umoci', 'chroot', 'zstd', 'tar'].filter((tool) => !isThere(tool));
}

function isThere(tool) {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Writes a minimal Debian 12 as a tar, unless it is there already. */
export function debianRoot(tar) {
  if (existsSync(tar)) return;
  const root = `${tar}.root`;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(dirname(tar), { recursive: true });
  run('debootstrap', ['--variant=minbase', 'bookworm', root, mirror]);
  // What debootstrap copied from this machine or left over.
  for (const path of ['etc/resolv.conf', 'etc/hostname', 'var/log/bootstrap.log', 'var/cache/apt/archives'])
    rmSync(join(root, path), { recursive: true, force: true });
  mkdirSync(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
  run('tar', ['--numeric-owner', '--sort=name', '-C', root, '-cf', `${tar}.part`, '.']);
  rmSync(root, { recursive: true, force: true });
  renameSync(`${tar}.part`, tar);
}

/** A layout with one image that grows layer by layer; `bundle` is where its file system lies while it does. */
export function imageBuilder(layout, tag, bundle) {
  const image = `${layout}:${tag}`;
  const root = join(bundle, 'rootfs');
  const history = (line, comment) => [
    '--history.created',
    created,
    '--history.created_by',
    line,
    ...(comment === undefined ? [] : ['--history.comment', comment]),
  ];
  return {
    root,
    /** The lowest layer, of a tar. */
    from(tar, line) {
      if (!existsSync(layout)) run('umoci', ['init', '--layout', layout]);
      run('umoci', ['new', '--image', image]);
      run('umoci', ['raw', 'add-layer', '--image', image, ...history(line), tar]);
    },
    /** The file system of what there is so far, for the commands of `layer`. */
    unpack() {
      run('umoci', ['unpack', '--image', image, bundle]);
    },
    /** A layer of whatever `change` does to the file system, removals as whiteouts. */
    layer(line, change) {
      change(root);
      run('umoci', ['repack', '--refresh-bundle', '--image', image, ...history(line, 'umoci'), bundle]);
    },
    /** A layer made without the file system at hand: umoci's flags, what is put into it, and where. */
    insert(line, ...args) {
      run('umoci', ['insert', '--image', image, ...history(line), ...args]);
    },
    /** Changes the configuration: a line of history without a layer. */
    configure(line, ...flags) {
      run('umoci', ['config', '--image', image, '--created', created, ...history(line), ...flags]);
    },
    /** Another name for what there is so far. */
    tag(other) {
      run('umoci', ['tag', '--image', image, other]);
    },
    /** Removes what no manifest names any more. */
    collect() {
      run('umoci', ['gc', '--layout', layout]);
    },
  };
}

/** Runs shell commands in a root file system, with the name service of this machine. */
export function inRoot(root, ...commands) {
  const resolver = join(root, 'etc/resolv.conf');
  copyFileSync('/etc/resolv.conf', resolver);
  try {
    run('chroot', [root, '/usr/bin/env', '-i', ...environment, 'sh', '-ec', commands.join('\n')]);
  } finally {
    rmSync(resolver);
  }
}

const environment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'DEBIAN_FRONTEND=noninteractive',
  'LC_ALL=C.UTF-8',
  'PYTHONDONTWRITEBYTECODE=1',
];

/** The lines of a Dockerfile that install packages, and leave nothing of apt's behind. */
export function aptInstall(...packages) {
  return [
    'apt-get update -qq',
    `apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends ${packages.join(' ')} >/dev/null`,
    'apt-get clean',
    'rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig',
  ].join('\n');
}

/** Packs one layer of an image anew, with zstd. Its digest changes and its diffID does not. */
export async function repackWithZstd(layout, tag, index) {
  const list = readJson(join(layout, 'index.json'));
  const entry = list.manifests.find(
    ({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === tag,
  );
  const manifest = readJson(blobPath(layout, entry.digest));
  const layer = manifest.layers[index];
  const packed = `${blobPath(layout, layer.digest)}.zst`;
  run('sh', ['-ec', `gzip -dc '${blobPath(layout, layer.digest)}' | zstd -q -6 -f -o '${packed}'`]);
  const digest = `sha256:${await sha256(packed)}`;
  renameSync(packed, blobPath(layout, digest));
  const { size } = statSync(blobPath(layout, digest));
  manifest.layers[index] = { ...layer, mediaType: layer.mediaType.replace(/\+gzip$/, '+zstd'), digest, size };
  const bytes = Buffer.from(JSON.stringify(manifest));
  entry.digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  entry.size = bytes.length;
  writeFileSync(blobPath(layout, entry.digest), bytes);
  writeFileSync(join(layout, 'index.json'), JSON.stringify(list));
}

/** Safetensors of random numbers: what no codec makes smaller. */
export async function writeRandomWeights(file, tensors, bytesPerTensor) {
  const header = Object.fromEntries(
    Array.from({ length: tensors }, (_, index) => [
      `model.layers.${index}.weight`,
      {
        dtype: 'BF16',
        shape: [bytesPerTensor / 2048, 1024],
        data_offsets: [index * bytesPerTensor, (index + 1) * bytesPerTensor],
      },
    ]),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  mkdirSync(dirname(file), { recursive: true });
  await pipeline(function* () {
    yield length;
    yield text;
    for (let index = 0; index < tensors; index++) yield randomBytes(bytesPerTensor);
  }, createWriteStream(file));
}

export function run(program, args) {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], maxBuffer: 2 ** 28 });
}

function blobPath(layout, digest) {
  return join(layout, 'blobs', ...digest.split(':'));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
