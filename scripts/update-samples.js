// Writes anew what the samples print and make, and the example of the attestation that is taken from them.
// Look at the difference before it is committed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

run('scripts/build.js');
run('node_modules/vitest/vitest.mjs', 'run', 'test/samples.test.ts');
run('node_modules/vitest/vitest.mjs', 'run', 'test/attestations.test.ts');
run('node_modules/prettier/bin/prettier.cjs', '--write', 'attestations');

function run(...args) {
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, UPDATE_SAMPLES: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
}
