import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import { generate } from '../../src/operations/generate.ts';

/** Unpacked by `scripts/ci/fetch-models.js DIRECTORY`; each is what a publisher put into npm. */
const models = process.env['MLBOM_INTEROP_MODELS'] ?? '';
const isThere = existsSync(join(models, 'silero-vad'));
if (!isThere) console.log('skipped: MLBOM_INTEROP_MODELS names no directory with published models');

/** Format and number of parameters of each model, and the rules that matched. */
async function readAt(name: string): Promise<{ formats: string[]; parameters: number; rules: string[] }> {
  const { bom, inventory } = await generate({
    sources: [join(models, name)],
    timestamp: '2026-01-01T00:00:00Z',
  });
  const found = [...componentsOf(bom)].map(({ component }) => component);
  const read = found.filter((each) => propertyOf(each, 'mlbom:model:format') !== undefined);
  return {
    formats: read.map((each) => propertyOf(each, 'mlbom:model:format') ?? '').sort(),
    parameters: read.reduce((sum, each) => sum + Number(propertyOf(each, 'mlbom:model:parameters') ?? 0), 0),
    rules: inventory.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule),
  };
}

describe.skipIf(!isThere)('published models', () => {
  test.each([
    ['silero-vad', 'onnx', 4],
    ['wake-word', 'onnx', 3],
    ['face-detection', 'tflite', 3],
    ['face-api', 'tfjs', 7],
    ['embeddings', 'tfjs', 1],
  ])('of %s are read with their tensors, and nothing is found in them', async (name, format, count) => {
    const { formats, parameters, rules } = await readAt(name);
    expect(formats.filter((each) => each.startsWith(format)).length).toBeGreaterThanOrEqual(count);
    expect(parameters).toBeGreaterThan(50_000);
    expect(rules).toEqual([]);
  });

  test('of fastText are known by their header', async () => {
    expect((await readAt('language')).formats).toContain('fasttext');
  });
});
