import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findingRules } from '../../src/operations/finding-rules.ts';
import { sarif } from '../../src/reports/sarif.ts';
import { inventoryOf } from '../inventory/inventories.ts';
import { files } from '../collectors/transformers/example.ts';
import { describeWith, python, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Read {
  readonly version: string;
  readonly rules: readonly string[];
  readonly results: readonly { rule: string; described: string; level: string; uri: string }[];
}

describeWith('sarif-pydantic', python('sarif_pydantic'), (peer) => {
  const directory = temporaryDirectory();

  test('reads the same results, with the rules that they name', async () => {
    const inventory = await inventoryOf(files);
    const path = join(directory, 'findings.sarif');
    writeFileSync(path, sarif({ inventory, rules: findingRules, toolVersion: '1.0.0' }));
    const read = await readWith<Read>(peer, 'read_sarif', path);
    expect(read.version).toBe('2.1.0');
    expect(read.rules).toEqual(findingRules.map(({ id }) => id));
    expect(read.results.map(({ rule }) => rule).sort()).toEqual(
      inventory.findings.map(({ rule }) => rule).sort(),
    );
    for (const { rule, described } of read.results) expect(described).toBe(rule);
  });
});
