import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/bom/assemble.ts';
import { inventoryWithoutSecrets } from '../../src/bom/without-secrets.ts';
import { writeBom } from '../../src/bom/write.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { findingRules } from '../../src/operations/finding-rules.ts';
import { inventoryTable } from '../../src/reports/inventory-table.ts';
import { collectFiles } from '../fixtures/collect-files.ts';
import { modelFiles, type Files } from '../fixtures/model-directory.ts';

/** Secrets as providers make them; none of them opens anything. */
const canaries = [
  `ghp_${'Canary0123'.repeat(4).slice(0, 36)}`,
  'https://canary:Canary0123456789@example.org/x',
  `AKIACANARY0123456789`,
];

const folder = fileURLToPath(new URL('../collectors', import.meta.url));
const examples: [name: string, files: Files][] = await Promise.all(
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'example.ts')))
    .map(async (name): Promise<[string, Files]> => {
      const { files } = (await import(`../collectors/${name}/example.ts`)) as { files: Files };
      return [name, files];
    }),
);

/** Texts of a file that can be another one of any length without the file being another kind: what stands alone. */
const word = /(?<![A-Za-z0-9])[A-Za-z][\w./:@+-]{3,}/g;
/** Places of one file at which a secret is planted. */
const most = 24;
/** Places of all files of one example; the digits after a few of one kind are like them. */
const mostOfAll = 160;

/** The files, each time with a secret in place of one word of one text file. */
function* planted(files: Files): Generator<{ files: Files; at: string }> {
  let all = 0;
  for (const [path, content] of Object.entries(files)) {
    const text = Buffer.from(content as Uint8Array).toString('utf8');
    if (text.includes('\0') || text.includes('\ufffd')) continue;
    let count = 0;
    for (const match of text.matchAll(word)) {
      if (++count > most || ++all > mostOfAll) break;
      const canary = canaries[count % canaries.length] ?? '';
      const changed = text.slice(0, match.index) + canary + text.slice(match.index + match[0].length);
      yield { files: { ...files, [path]: changed }, at: `${path}:${match.index} (${match[0]})` };
    }
  }
}

async function outputsOf(files: Files): Promise<string> {
  const inventory = inventoryWithoutSecrets(buildInventory([await collectFiles(files)]));
  const bom = assemble(inventory, {
    timestamp: '2026-01-01T00:00:00Z',
    toolVersion: '0.0.0',
    rules: findingRules,
  });
  return [
    writeBom(bom),
    inventoryTable(bom, { color: false, width: 200 }),
    JSON.stringify(inventory.problems),
  ].join('\n');
}

describe('a secret that somebody left in an input', () => {
  it.each([['model-directory', modelFiles()] as [string, Files], ...examples])(
    'of %s is in nothing that is written',
    async (_, files) => {
      for (const { files: changed, at } of planted(files)) {
        const text = await outputsOf(changed);
        const found = canaries.filter((canary) => text.includes(canary));
        expect(found, at).toEqual([]);
      }
    },
  );
});
