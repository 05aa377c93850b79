// Hashing against the machine's limit and against the tools everybody has.
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLimit } from './machine-limit.js';
import { median } from './median.js';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const rounds = 7;
const hashOnce = fileURLToPath(new URL('hash-once.js', import.meta.url));

export const title = 'Hashing: SHA-256 of every file and of its chunks, from the page cache';

/** Rows of a table; the first one names the columns. */
export async function run() {
  const place = mkdtempSync(join(tmpdir(), 'mlbom-bench-'));
  // An interrupted run must not leave gigabytes behind.
  process.once('exit', () => rmSync(place, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  try {
    const cases = [
      {
        name: '4 GiB in 8 shards',
        directory: join(place, 'shards'),
        sizes: Array(8).fill(GiB / 2),
        target: 0.85,
      },
      { name: 'one file of 2 GiB', directory: join(place, 'single'), sizes: [2 * GiB], target: 0.6 },
    ];
    const rows = [
      ['input', 'method', 'median', 'GiB/s of input', 'CPU', 'of the limit', 'target', 'peak memory'],
    ];
    for (const one of cases) {
      makeFiles(one.directory, one.sizes);
      rows.push(...(await measure(one)));
    }
    return rows;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Interleaved, so that a noisy neighbour meets all methods alike. */
async function measure({ name, directory, sizes, target }) {
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const files = readdirSync(directory).map((file) => join(directory, file));
  const limit = await startLimit(availableParallelism());
  const methods = [
    { name: 'machine: as many hashes of memory', run: () => limit.hash(2 * bytes) },
    { name: 'mlbom', run: () => child([process.execPath, hashOnce, directory]) },
    {
      name: 'openssl dgst -sha256',
      wholeOnly: true,
      run: () => command(['openssl', 'dgst', '-sha256', ...files]),
    },
    { name: 'sha256sum', wholeOnly: true, run: () => command(['sha256sum', ...files]) },
  ].filter((method) => isThere(method));
  const samples = new Map(methods.map((method) => [method, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const method of methods) {
      if (method.wholeOnly && round % 3 !== 1) continue;
      const sample = await method.run();
      // The first round only warms up; the slow peers are met in every third one.
      if (round > 0) samples.get(method).push(sample);
    }
  }
  await limit.stop();
  const [machine] = methods;
  return methods.map((method) => {
    const taken = samples.get(method);
    const seconds = median(taken.map((sample) => sample.seconds));
    const cpu = taken.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
    const peak = Math.max(...taken.map(({ peakBytes }) => peakBytes ?? 0));
    return [
      name,
      method.name,
      `${seconds.toFixed(2)} s`,
      (bytes / GiB / seconds).toFixed(2),
      cpu.length > 0 ? `${median(cpu).toFixed(2)} s` : '',
      // Half the work: whole files without their chunks.
      method.wholeOnly ? 'whole files only' : shareOf(samples.get(machine), taken).toFixed(2),
      method.name === 'mlbom' ? `≥ ${target}, ≤ 200 MB` : '',
      peak > 0 ? `${Math.round(peak / 1e6)} MB` : '',
    ];
  });
}

/** Round by round, because the two of one round meet the same neighbours. */
function shareOf(limits, taken) {
  return median(taken.map(({ seconds }, round) => limits[round].seconds / seconds));
}

/** A process of our own that reports its time and its peak itself. */
function child([program, ...args]) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}

function command([program, ...args]) {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${program} failed`);
  return { seconds: (performance.now() - start) / 1000 };
}

function isThere({ name }) {
  const [program] = name.split(/[ :]/);
  const version = { openssl: ['version'], sha256sum: ['--version'] }[program];
  if (!version || spawnSync(program, version).status === 0) return true;
  console.error(`${program} is not installed: not compared`);
  return false;
}

/** One random block of 64 MiB, over and over: no method notices, and making it is quick. */
function makeFiles(directory, sizes) {
  mkdirSync(directory);
  const block = randomFillSync(Buffer.allocUnsafe(64 * MiB));
  for (const [index, size] of sizes.entries()) {
    const file = openSync(join(directory, `model-${index + 1}-of-${sizes.length}.safetensors`), 'w');
    for (let left = size; left > 0; left -= block.length)
      writeSync(file, block, 0, Math.min(left, block.length));
    closeSync(file);
  }
}
