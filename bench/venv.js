// What an inventory of a Python environment costs beyond hashing its files.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.js';
import { writeVenv } from './venv-tree.js';

const cli = fileURLToPath(new URL('../bin/run.js', import.meta.url));
const hashOnce = fileURLToPath(new URL('hash-once.js', import.meta.url));
const rounds = 5;
/** Seconds beyond hashing. */
const target = 3;

export const title = 'A virtual environment: 200 packages, 30,000 files';

/** Rows of a table; the first one names the columns. */
export function run() {
  const place = mkdtempSync(join(tmpdir(), 'mlbom-venv-'));
  process.once('exit', () => rmSync(place, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  const venv = join(place, 'venv');
  const { files, bytes } = writeVenv(venv, { packages: 200, files: 30_000, bytesPerFile: 6 * 1024 });
  const methods = [
    { name: 'hashing alone', args: [hashOnce, venv] },
    {
      name: 'mlbom generate',
      args: [cli, 'generate', venv, '-o', `cyclonedx-json=${join(place, 'bom.json')}`, '--quiet'],
    },
  ].map((method) => ({ ...method, taken: [] }));
  // Interleaved, so that a noisy neighbour meets both alike; the first round only warms the caches.
  for (let round = 0; round <= rounds; round++) {
    for (const { args, taken } of methods) {
      const sample = timed(args);
      if (round > 0) taken.push(sample);
    }
  }
  const [alone, generated] = methods.map(({ taken }) => taken);
  const [seconds, cpuSeconds] = ['seconds', 'cpuSeconds'].map((each) => {
    const beyond = median(generated.map((sample, round) => sample[each] - alone[round][each]));
    return `${beyond.toFixed(2)} s`;
  });
  const input = `${files.toLocaleString('en')} files, ${Math.round(bytes / 1e6)} MB`;
  return [
    ['input', 'process', 'median', 'CPU', 'beyond hashing', 'CPU beyond', 'target'],
    [input, ...row(methods[0]), '', '', ''],
    [input, ...row(methods[1]), seconds, cpuSeconds, `≤ ${target} s`],
  ];
}

function row({ name, taken }) {
  const medians = ['seconds', 'cpuSeconds'].map((each) => median(taken.map((sample) => sample[each])));
  return [name, ...medians.map((value) => `${value.toFixed(2)} s`)];
}

/** What a process says of itself at its end: the CPU time of all its threads, in microseconds. */
const atExit = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write('\\ncpu ' + (user + system));
})`;

function timed(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(atExit)}`, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, cpuSeconds: Number(/\ncpu (\d+)$/.exec(stderr)?.[1]) / 1e6 };
}
