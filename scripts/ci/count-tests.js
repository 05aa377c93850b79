// Lists what was skipped in a JSON report of vitest, and ends with `passed failed skipped`, for a shell to read.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const { assertionResults } of report.testResults) {
  for (const { status, fullName } of assertionResults) {
    if (status !== 'passed' && status !== 'failed') console.error(`skipped: ${fullName}`);
  }
}
// A file that fails to load is a failed suite without a failed test.
const unloaded = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((it) => it.status === 'failed'),
);
for (const { name, message } of unloaded) console.error(`failed: ${name}: ${message}`);
const skipped = report.numPendingTests + report.numTodoTests;
console.log(report.numPassedTests, report.numFailedTests + unloaded.length, skipped);
