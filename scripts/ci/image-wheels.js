// Puts packages of PyPI into an image, as its own pip does it: downloaded here, installed there without the network.
import { existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, run } from './image-tools.js';

const pip =
  'python3 -m pip --disable-pip-version-check install --quiet --no-index --find-links /wheels --no-compile ' +
  '--break-system-packages --root-user-action ignore';
const platforms = ['manylinux_2_28', 'manylinux_2_27', 'manylinux_2_17', 'manylinux2014'];

/** Wheels for the Python of Debian 12, and of what they need unless `--no-deps` is among the arguments of pip. */
export function downloadWheels(place, args) {
  const program = existsSync('.venv/bin/pip') ? '.venv/bin/pip' : 'pip3';
  run(program, [
    ...['download', '--quiet', '--only-binary', ':all:', '--python-version', '3.11', '--dest', place],
    ...platforms.flatMap((platform) => ['--platform', `${platform}_x86_64`]),
    ...args,
  ]);
}

/** Installs wheels of a directory into a root file system: one of the same disk, so that nothing is copied. */
export function installWheels(root, wheelhouse, args) {
  mkdirSync(join(root, 'wheels'));
  for (const name of readdirSync(wheelhouse)) linkSync(join(wheelhouse, name), join(root, 'wheels', name));
  inRoot(root, `${pip} ${args.join(' ')}`, 'rm -rf /wheels /root/.cache');
}
