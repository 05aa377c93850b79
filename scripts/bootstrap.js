// Makes a checkout ready to run: installs when node_modules is missing or older than the lock, then builds what is stale.
// The two commands of the README call it inline, because lifecycle scripts do not run under `ignore-scripts`.
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund']);
  // The incremental state of the compiler lies in node_modules; without it everything is built anew.
  rmSync('dist', { recursive: true, force: true });
}
run(process.execPath, ['scripts/build.js']);

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
