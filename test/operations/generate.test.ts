import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generate } from '../../src/operations/generate.ts';
import { writeSafetensorsHeader } from '../fixtures/safetensors-writer.ts';

it('keeps a file whose name looks like a token, and says so without repeating it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-secret-'));
  const name = `hf_${'a'.repeat(34)}.txt`;
  writeFileSync(join(directory, name), 'x');
  try {
    const { bom, inventory } = await generate({ sources: [directory], timestamp: '2026-01-01T00:00:00Z' });
    expect(inventory.problems).toMatchObject([{ code: 'secret-name', effect: 'contradiction' }]);
    expect(bom.metadata?.component?.components).toMatchObject([{ name }]);
    expect(JSON.stringify(bom.metadata?.component?.components?.[0]?.properties)).toContain('secret-name');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it.each([
  ['a value of the metadata', { __metadata__: { 'modelspec.usage_hint': `${'a'.repeat(511)}\u{1f600}b` } }],
  ['an element type', { w: { dtype: `${'a'.repeat(39)}\u{1f600}`, shape: [0], data_offsets: [0, 0] } }],
  ['the name of a tensor', { [`${'a'.repeat(199)}\u{1f600}`]: { dtype: 'X' } }],
])('writes a BOM although %s is cut inside a character', async (_, header) => {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-cut-'));
  writeFileSync(join(directory, 'm.safetensors'), writeSafetensorsHeader(JSON.stringify(header)));
  try {
    const { bom } = await generate({ sources: [directory], timestamp: '2026-01-01T00:00:00Z' });
    expect(JSON.stringify(bom).isWellFormed()).toBe(true);
    expect(JSON.stringify(bom)).not.toMatch(/\\ud83d/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('lets no secret out in its problems, which go to scripts', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-secret-'));
  const token = `hf_${'b'.repeat(34)}`;
  writeFileSync(join(directory, 'config.json'), `{"${token}":1,"${token}":2}`);
  try {
    const { bom, inventory } = await generate({ sources: [directory], timestamp: '2026-01-01T00:00:00Z' });
    expect(inventory.problems).toHaveLength(1);
    expect(JSON.stringify([bom, inventory])).not.toContain(token);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('says of an empty directory that nothing is there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-empty-'));
  try {
    const { bom, inventory } = await generate({ sources: [directory], timestamp: '2026-01-01T00:00:00Z' });
    expect(inventory.problems).toMatchObject([{ code: 'empty', effect: 'incomplete' }]);
    expect(bom.compositions).toContainEqual({ aggregate: 'incomplete', assemblies: ['artifact'] });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
