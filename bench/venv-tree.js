// Writes a tree like a virtual environment: packages with modules, and a RECORD that names each with its digest.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every file has bytes of its own, and the same call writes the same bytes. Returns their number and sum of sizes. */
export function writeVenv(directory, { packages, files, bytesPerFile }) {
  const site = join(directory, 'lib/python3.11/site-packages');
  const total = { files: 0, bytes: 0 };
  const perPackage = Math.floor(files / packages) - infoFiles;
  write(join(directory, 'pyvenv.cfg'), 'home = /usr/bin\nversion = 3.11.7\n');
  for (let number = 0; number < packages; number++) {
    const name = `package_${number}`;
    const info = `${name}-1.${number}.0.dist-info`;
    const rows = [];
    for (let index = 0; index < perPackage; index++)
      add(rows, `${name}/part_${index % 12}/module_${index}.py`, content(`${name} ${index}`, bytesPerFile));
    add(rows, `${info}/METADATA`, metadata(number));
    add(rows, `${info}/INSTALLER`, 'pip\n');
    add(rows, `${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: bench\nTag: py3-none-any\n');
    write(join(site, info, 'RECORD'), `${rows.join('\n')}\n${info}/RECORD,,\n`);
  }
  return total;

  function add(rows, path, bytes) {
    write(join(site, path), bytes);
    const digest = createHash('sha256').update(bytes).digest('base64url');
    rows.push(`${path},sha256=${digest},${Buffer.byteLength(bytes)}`);
  }

  function write(path, bytes) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    total.files++;
    total.bytes += Buffer.byteLength(bytes);
  }
}

/** METADATA, INSTALLER, WHEEL and RECORD. */
const infoFiles = 4;

/** Of half to one and a half times the usual size, and beginning as modules do. */
function content(seed, bytes) {
  const digest = createHash('sha256').update(seed).digest('hex');
  const size = Math.floor(bytes * (0.5 + parseInt(digest.slice(0, 4), 16) / 65536));
  const line = `NAME_${digest} = 1\n`;
  return `"""A module."""\n${line.repeat(Math.ceil(size / line.length))}`.slice(0, size);
}

/** Each needs the three before it. */
function metadata(number) {
  const needed = [1, 2, 3].map((back) => number - back).filter((other) => other >= 0);
  return [
    'Metadata-Version: 2.4',
    `Name: package-${number}`,
    `Version: 1.${number}.0`,
    'License-Expression: MIT',
    'Author-email: Somebody <somebody@example.org>',
    `Project-URL: Source, https://example.org/package-${number}`,
    'Requires-Python: >=3.10',
    ...needed.map((other) => `Requires-Dist: package-${other}>=1`),
    '',
    'A description.\n'.repeat(200),
  ].join('\n');
}
