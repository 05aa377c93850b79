// Runs the benchmarks named on the command line, or all, and prints each as a Markdown table.
import { cpus, totalmem } from 'node:os';
import * as hash from './hash.js';
import * as image from './image.js';
import * as startup from './startup.js';
import * as venv from './venv.js';

const benchmarks = { startup, hash, venv, image };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benchmarks);

const [cpu] = cpus();
console.log(
  `Machine: ${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gib(totalmem())} GiB memory.`,
);
console.log(`Node.js ${process.versions.node} (OpenSSL ${process.versions.openssl}), ${process.platform}.`);
for (const name of names) {
  const benchmark = benchmarks[name];
  if (!benchmark)
    throw new Error(`no benchmark is called ${name}; there are: ${Object.keys(benchmarks).join(', ')}`);
  console.log(`\n## ${benchmark.title}\n`);
  console.log(markdown(await benchmark.run()));
}

function markdown([head, ...rows]) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function gib(bytes) {
  return Math.round(bytes / 1024 ** 3);
}
