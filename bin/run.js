#!/usr/bin/env node
/* global require, __filename */
// CommonJS (see package.json beside it), because `--version` is asked in scripts and probes: it answers before anything
// is loaded, the loader of ES modules included.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const args = process.argv.slice(2);

if (args[0] === '--version' || args[0] === '-V') {
  const { version } = JSON.parse(readFileSync(join(__filename, '../../package.json'), 'utf8'));
  process.stdout.write(`mlbom/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  void import('../dist/commands/skin/main.js').then(({ main }) => main(args, pathToFileURL(__filename).href));
}
