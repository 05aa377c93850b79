// Builds what is stale: the schema validators, the compiled sources, the manifest of the commands.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { buildSchemas } from './build-schemas.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

await buildSchemas();
compile();
await writeCommandManifest();

function compile() {
  const newest = newestIn('src', newestOf('tsconfig.json', 'package.json'));
  if (existsSync('dist/index.js') && statSync('dist/.built', { throwIfNoEntry: false })?.mtimeMs > newest)
    return;
  // A file that is gone from src must be gone from dist too.
  rmSync('dist', { recursive: true, force: true });
  rmSync('node_modules/.cache/mlbom.tsbuildinfo', { force: true });
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync('dist/.built', '');
}

// With a manifest, the help of all commands is printed without loading any of them.
async function writeCommandManifest() {
  const target = 'oclif.manifest.json';
  if ((statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0) > statSync('dist/.built').mtimeMs) return;
  const { Plugin } = await import('@oclif/core');
  const plugin = new Plugin({ root: process.cwd(), ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  writeFileSync(target, `${JSON.stringify(plugin.manifest, null, 1)}\n`);
}

function newestOf(...paths) {
  return Math.max(...paths.map((path) => statSync(path).mtimeMs));
}

function newestIn(directory, newest) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    newest = Math.max(newest, statSync(path).mtimeMs);
    if (entry.isDirectory()) newest = newestIn(path, newest);
  }
  return newest;
}
