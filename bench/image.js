// What the ML-BOM of an image costs, beside Trivy's list of its packages.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageDirectory } from './image-directory.js';
import { median } from './median.js';

const cli = fileURLToPath(new URL('../bin/run.js', import.meta.url));
const layout = join(imageDirectory, 'layout');
const trivy = join(imageDirectory, 'trivy');
const rounds = 5;
const warm = 'mlbom, layer cache, top layer rebuilt';
/** mlbom's time as a share of Trivy's, and its memory in MB. */
const target = { share: 0.6, megabytes: 300 };

export const title = 'Images of 1 GB (Debian packages, weights) and 3 GB (CUDA, weights)';

/** Rows of a table; the first one names the columns. */
export async function run() {
  if (!existsSync(layout)) return skipped(`no image at ${layout}: make it with node bench/image-input.js`);
  const hasPeer = existsSync(trivy);
  if (!hasPeer) console.error(`skipped: no Trivy at ${trivy}: fetch it with node bench/image-input.js`);
  const place = mkdtempSync(join(tmpdir(), 'mlbom-image-'));
  process.once('exit', () => rmSync(place, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.env['MLBOM_CACHE_DIR'] = join(place, 'cache');
  const rows = [];
  for (const tag of ['system', 'gpu']) {
    const methods = [
      method('mlbom, no cache', (out) => mlbom(tag, out, '--no-cache')),
      ...(tag === 'system' ? [method(warm, (out) => mlbom('rebuilt', out))] : []),
      ...(hasPeer ? [method('trivy', (out) => trivyOf(tag, out, place))] : []),
    ];
    await measure(methods, place);
    const peer = methods.find(({ name }) => name === 'trivy');
    rows.push(...methods.map((each) => [tag, ...rowOf(each, peer), missingIn(each, peer)]));
  }
  return [
    [
      ...['image', 'process', 'median', 'share of trivy', 'CPU', 'peak memory', 'target'],
      ...['packages', 'weights', 'layers read', "of trivy's packages it lacks"],
    ],
    ...rows,
  ];

  function method(name, command) {
    return { name, command, out: join(place, `${name.replaceAll(/\W+/g, '-')}.json`), taken: [] };
  }
}

/** Interleaved, so that a noisy neighbour meets all alike; the first round only warms the page cache. */
async function measure(methods, place) {
  for (let round = 0; round <= rounds; round++) {
    for (const each of methods) {
      rmSync(join(place, 'trivy'), { recursive: true, force: true });
      if (each.name === warm) await warmCache(place);
      const sample = await timed(each.command(each.out));
      if (round > 0) each.taken.push(sample);
    }
  }
}

/** What `system` leaves behind, and nothing of `rebuilt`. */
async function warmCache(place) {
  rmSync(process.env['MLBOM_CACHE_DIR'], { recursive: true, force: true });
  await timed(mlbom('system', join(place, 'first.json')));
}

function skipped(why) {
  console.error(`skipped: ${why}`);
  return [['skipped'], [why]];
}

function mlbom(tag, out, ...flags) {
  const args = [cli, 'generate', `oci-layout:${layout}:${tag}`, '--quiet', '-o', `cyclonedx-json=${out}`];
  return [process.execPath, [...args, ...flags]];
}

function trivyOf(tag, out, place) {
  const cache = join(place, 'trivy');
  const args = ['image', '--input', `${layout}:${tag}`, '--format', 'cyclonedx', '-q', '--cache-dir', cache];
  return [trivy, [...args, '-o', out]];
}

function rowOf({ name, taken, out }, peer) {
  const shares = peer?.taken.map(({ seconds }, round) => taken[round].seconds / seconds);
  return [
    name,
    `${median(taken.map(({ seconds }) => seconds)).toFixed(2)} s`,
    shares ? median(shares).toFixed(2) : '',
    `${median(taken.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)} s`,
    `${Math.round(Math.max(...taken.map(({ megabytes }) => megabytes)))} MB`,
    name === 'mlbom, no cache' ? `≤ ${target.share}, ≤ ${target.megabytes} MB` : '',
    packagesOf(out).size,
    weightsOf(out),
    layersOf(out),
  ];
}

function missingIn(method, peer) {
  if (!peer || method === peer) return '';
  const own = packagesOf(method.out);
  return [...packagesOf(peer.out)].filter((each) => !own.has(each)).length;
}

/** Name and version of each package of Debian or PyPI. */
function packagesOf(file) {
  const purls = [...componentsOf(read(file))].map(({ purl }) => purl ?? '');
  return new Set(purls.filter((purl) => /^pkg:(deb|pypi)\//.test(purl)).map(packageOf));
}

/** Trivy puts the epoch of a Debian version into a qualifier. */
function packageOf(purl) {
  const [, type, name, version, qualifiers] = /^pkg:(\w+)\/(?:[^@]*\/)?([^/@]+)@([^?]+)(?:\?(.*))?$/.exec(
    purl,
  );
  const epoch = new URLSearchParams(qualifiers).get('epoch');
  return decodeURIComponent(`${type} ${name} ${epoch === null ? '' : `${epoch}:`}${version}`);
}

function weightsOf(file) {
  return [...componentsOf(read(file))].filter(
    ({ type, hashes }) => type === 'machine-learning-model' && hashes?.length > 0,
  ).length;
}

/** How many layers were unpacked, and how many taken from the cache. */
function layersOf(file) {
  const how = [...componentsOf(read(file))].flatMap(({ properties = [] }) =>
    properties.some(({ name }) => name === 'mlbom:oci:layer-index')
      ? properties.filter(({ name }) => name === 'mlbom:oci:verification').map(({ value }) => value)
      : [],
  );
  const count = (value) => how.filter((each) => each === value).length;
  return how.length > 0 ? `${count('content')} of ${how.length}` : '';
}

function* componentsOf({ components = [], metadata }) {
  const open = [...components, ...(metadata?.component ? [metadata.component] : [])];
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    open.push(...(next.components ?? []));
  }
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Seconds, CPU seconds and peak memory of a process, by what Linux says of it while it runs. */
function timed([program, args]) {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const used = { cpuSeconds: 0, megabytes: 0 };
  const watch = setInterval(() => Object.assign(used, usageOf(child.pid) ?? {}), 20);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(watch);
      if (code !== 0) reject(new Error(`${program} ${args.join(' ')}: ${code}`));
      else resolve({ seconds: (performance.now() - start) / 1000, ...used });
    });
  });
}

/** proc(5). The clock ticks 100 times a second on every Linux that Node.js runs on. */
function usageOf(pid) {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (!peak) return undefined;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { megabytes: Number(peak[1]) / 1000, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 };
  } catch {
    return undefined;
  }
}
