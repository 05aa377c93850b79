// Makes what `node bench/run.js image` reads: an image of about 1.3 GB and a peer's program.
// `node bench/image-input.js [DIRECTORY]`, as root: it takes some minutes, 10 GB while it runs, and the network.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  aptInstall,
  debianRoot,
  imageBuilder,
  inRoot,
  missingTools,
  writeRandomWeights,
} from '../scripts/ci/image-tools.js';
import { fetchTrivy } from '../scripts/ci/fetch-trivy.js';
import { imageDirectory } from './image-directory.js';

const MiB = 1024 ** 2;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [directory = imageDirectory] = process.argv.slice(2);
  const missing = missingTools();
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  fetchTrivy(join(directory, 'trivy'));
  await buildImage(directory);
  console.log(directory);
}

/** `v1`, and `v2` that differs from it by its uppermost layer. */
export async function buildImage(directory) {
  const layout = join(directory, 'layout');
  if (existsSync(layout)) return;
  const work = join(directory, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  debianRoot(join(directory, 'debian.tar'));
  const part = join(work, 'layout');
  const image = imageBuilder(part, 'v1', join(work, 'bundle'));
  image.from(join(directory, 'debian.tar'), '/bin/sh -c #(nop) ADD file:debian.tar in /');
  image.configure('/bin/sh -c #(nop)  CMD ["bash"]', '--config.cmd', 'bash');
  image.unpack();
  for (const packages of [
    ['python3', 'python3-scipy', 'python3-sklearn', 'python3-pandas'],
    ['python3-torch'],
  ]) {
    image.layer(`RUN apt-get install -y ${packages.join(' ')}`, (root) => {
      inRoot(root, aptInstall(...packages));
    });
  }
  const weights = join(work, 'model-00001-of-00001.safetensors');
  await writeRandomWeights(weights, 24, 16 * MiB);
  image.insert('COPY model /models/support', weights, '/models/support/model.safetensors');
  image.configure(
    'ENTRYPOINT ["python3" "/app/serve.py"]',
    '--config.entrypoint',
    'python3',
    '--config.entrypoint',
    '/app/serve.py',
  );
  image.tag('v2');
  for (const tag of ['v1', 'v2']) {
    const app = join(work, `${tag}.py`);
    writeFileSync(app, `print('the application, ${tag}')\n`);
    imageBuilder(part, tag, work).insert('COPY serve.py /app', app, '/app/serve.py');
  }
  image.collect();
  renameSync(part, layout);
  rmSync(work, { recursive: true });
}
