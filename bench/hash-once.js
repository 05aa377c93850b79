// Hashes a directory once and prints the time and the peak memory of this process.
import { openDirectory } from '../dist/stores/directory.js';
import { hashEntries } from '../dist/manifest/hash-entries.js';

const [directory] = process.argv.slice(2);
const entries = [];
for await (const found of (await openDirectory(directory)).entries()) {
  if (found.kind === 'entry') entries.push(found);
}
const start = performance.now();
const cpuStart = process.cpuUsage();
const results = await hashEntries(entries);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpuStart);
const failed = results.find((result) => result.kind === 'problem');
if (failed) throw new Error(failed.reason);
// Kibibytes (getrusage), for all threads.
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakBytes }));
