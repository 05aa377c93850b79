// Makes what `node bench/run.js image` reads: images of 1 and of 3 GB, and a peer's program.
// `node bench/image-input.js [DIRECTORY]`, as root: it takes ten minutes, 25 GB while it runs, and the network.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  aptInstall,
  debianRoot,
  imageBuilder,
  inRoot,
  missingTools,
  run,
  writeRandomWeights,
} from '../scripts/ci/image-tools.js';
import { downloadWheels, installWheels } from '../scripts/ci/image-wheels.js';
import { fetchTrivy } from '../scripts/ci/fetch-trivy.js';
import { imageDirectory } from './image-directory.js';

const MiB = 1024 ** 2;
const torch = 'torch==2.6.0';

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [directory = imageDirectory] = process.argv.slice(2);
  const missing = missingTools();
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  fetchTrivy(join(directory, 'trivy'));
  await buildImages(directory);
  console.log(directory);
}

/** `system` and `rebuilt`, which differ in their uppermost layer, and `gpu`. */
export async function buildImages(directory) {
  const layout = join(directory, 'layout');
  if (existsSync(layout)) return;
  const work = join(directory, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const debian = join(directory, 'debian.tar');
  debianRoot(debian);
  const weights = join(work, 'model.safetensors');
  await writeRandomWeights(weights, 24, 16 * MiB);
  const part = join(work, 'layout');
  const place = { part, work, debian, weights };
  systemImage(place);
  gpuImage(place);
  run('umoci', ['gc', '--layout', part]);
  renameSync(part, layout);
  rmSync(work, { recursive: true });
}

/** What Debian has of Python for numbers: many small files, in two layers. */
function systemImage({ part, work, debian, weights }) {
  const image = begun(part, 'system', join(work, 'system'), debian);
  for (const packages of [
    ['python3', 'python3-scipy', 'python3-sklearn', 'python3-pandas'],
    ['python3-torch'],
  ]) {
    image.layer(`RUN apt-get install -y ${packages.join(' ')}`, (root) => {
      inRoot(root, aptInstall(...packages));
    });
  }
  image.insert('COPY model /models/support', weights, '/models/support/model.safetensors');
  image.tag('rebuilt');
  for (const tag of ['system', 'rebuilt']) {
    const app = join(work, `${tag}.py`);
    writeFileSync(app, `print('the application, ${tag}')\n`);
    imageBuilder(part, tag, work).insert('COPY serve.py /app', app, '/app/serve.py');
  }
  rmSync(join(work, 'system'), { recursive: true });
}

/** PyTorch with CUDA, as PyPI has it, in one layer: large libraries. */
function gpuImage({ part, work, debian, weights }) {
  const wheelhouse = join(work, 'wheels');
  downloadWheels(wheelhouse, [torch]);
  const image = begun(part, 'gpu', join(work, 'gpu'), debian);
  image.layer('RUN apt-get install -y python3 python3-pip', (root) => {
    inRoot(root, aptInstall('python3', 'python3-pip'));
  });
  image.layer(`RUN pip install ${torch}`, (root) => {
    installWheels(root, wheelhouse, [torch]);
  });
  image.insert('COPY model /models/support', weights, '/models/support/model.safetensors');
  rmSync(join(work, 'gpu'), { recursive: true });
}

function begun(part, tag, bundle, debian) {
  const image = imageBuilder(part, tag, bundle);
  image.from(debian, '/bin/sh -c #(nop) ADD file:debian.tar in / ');
  image.configure('/bin/sh -c #(nop)  CMD ["bash"]', '--config.cmd', 'bash');
  image.unpack();
  return image;
}
