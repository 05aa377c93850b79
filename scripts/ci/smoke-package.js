// Packs the package, installs the tarball elsewhere without anything else of the checkout, and does the main job with
// it on every line of Node.js that it supports. Each of them has to write the same BOM, byte for byte.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const lines = [20, 22, 24, 26];
const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'mlbom-package-'));
const boms = new Set();
let failed = 0;

try {
  const app = install('app', pack());
  const cli = join(app, 'node_modules', '.bin', 'mlbom');
  const model = join(root, 'node_modules', '@gutenye', 'ocr-models', 'assets');
  for (const line of lines) {
    // The binary as its package carries it, without the install script of the package `node`.
    const name = `node-${process.platform}-${process.arch}`;
    const node = join(install(`node-${line}`, `${name}@${line}`), 'node_modules', name, 'bin', 'node');
    doMainJob([node, cli], line, model);
  }
  check('every Node.js writes the same BOM', boms.size === 1);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

function pack() {
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', work));
  console.log(`${packed.filename}: ${packed.entryCount} files, ${Math.ceil(packed.unpackedSize / 1000)} kB`);
  const stray = packed.files.filter(({ path }) => /^(?:src|test|scripts|samples|bench|\.)/.test(path));
  check('only what users need is packed', stray.length === 0, stray.map(({ path }) => path).join('\n'));
  return join(work, packed.filename);
}

function install(name, what) {
  const directory = join(work, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  npm(directory, 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--engine-strict', what);
  return directory;
}

function doMainJob(command, line, model) {
  const directory = join(work, `job-${line}`);
  cpSync(model, join(directory, 'model'), { recursive: true });
  const mlbom = (expected, ...args) => runMlbom(command, directory, expected, args);
  const signed = ['bom.json', '--key', 'release.pub', '--at', 'model'];

  const version = mlbom(0, '--version');
  check(`Node.js ${line} is the one that runs`, version.includes(`node-v${line}.`), version);
  mlbom(0, 'generate', 'model', '-o', 'cyclonedx-json=bom.json', '--name', 'ocr', '--version', '1');
  mlbom(0, 'validate', 'bom.json');
  mlbom(0, 'keygen', '--output-key-prefix', 'release');
  mlbom(0, 'sign', 'bom.json', '--key', 'release.key');
  mlbom(0, 'verify', ...signed, '--artifact', 'ocr@1');
  mlbom(0, 'diff', 'bom.json', 'bom.json', '--fail-on', 'info');
  boms.add(
    createHash('sha256')
      .update(readFileSync(join(directory, 'bom.json')))
      .digest('hex'),
  );

  flipLastByte(join(directory, 'model', 'ch_PP-OCRv4_det_infer.onnx'));
  mlbom(1, 'verify', ...signed);
  mlbom(0, 'generate', 'model', '-o', 'cyclonedx-json=new.json', '--name', 'ocr', '--version', '1');
  mlbom(1, 'diff', 'bom.json', 'new.json', '--fail-on', 'critical');
}

function runMlbom([node, cli], directory, expected, args) {
  const { status, stdout, stderr } = spawnSync(node, [cli, ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SOURCE_DATE_EPOCH: '1767225600', MLBOM_KEY_PASSWORD: '' },
  });
  const name = `${directory.split('-').at(-1)}: mlbom ${args.join(' ')} exits with ${expected}`;
  check(name, status === expected, `exit ${status}\n${stdout}${stderr}`);
  return stdout;
}

function check(name, holds, details = '') {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${name}`);
  if (holds) return;
  failed++;
  console.log(details);
}

function flipLastByte(path) {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(path, bytes);
}

function npm(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`npm ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
}
