// What `npm ci` has put on the disk: at most 250 MB, and no package that brings code to run while installing.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const mostMegabytes = 250;

const installed = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
const scripted = Object.keys(installed).filter((path) => installed[path].hasInstallScript);
const megabytes = Math.ceil(diskUsage('node_modules') / 1e6);

console.log(`${Object.keys(installed).length} packages, ${megabytes} MB; at most ${mostMegabytes} MB`);
for (const path of scripted) console.log(`it has an install script: ${path}`);
process.exit(megabytes <= mostMegabytes && scripted.length === 0 ? 0 : 1);

function diskUsage(path) {
  const stats = lstatSync(path);
  const own = 512 * stats.blocks;
  if (!stats.isDirectory()) return own;
  return readdirSync(path).reduce((sum, name) => sum + diskUsage(join(path, name)), own);
}
