import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generate } from '../../src/operations/generate.ts';

it('keeps a file whose name looks like a token, and says so without repeating it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-secret-'));
  const name = `hf_${'a'.repeat(34)}.txt`;
  writeFileSync(join(directory, name), 'x');
  try {
    const { bom, inventory } = await generate({ sources: [directory], timestamp: '2026-01-01T00:00:00Z' });
    expect(inventory.problems).toMatchObject([{ code: 'secret-name', effect: 'contradiction', path: name }]);
    expect(bom.metadata?.component?.components).toMatchObject([{ name }]);
    expect(JSON.stringify(bom.metadata?.component?.components?.[0]?.properties)).toContain('secret-name');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
