import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flatbufferModels } from '../../src/collectors/flatbuffer-models/index.ts';
import { readTflite } from '../../src/formats/flatbuffers/tflite.ts';
import { readFileSync } from 'node:fs';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { sourceOf } from './generated.ts';

/**
 * Models by other tools: every `.tflite` in the directory that `MLBOM_INTEROP_MODELS` names, at any depth, such as
 * an unpacked `npm pack @mediapipe/selfie_segmentation@0.1.1675465747`.
 */
const directory = process.env['MLBOM_INTEROP_MODELS'];
const models =
  directory !== undefined && existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tflite'))
    : [];

if (directory === undefined || models.length === 0) {
  console.log(`skipped: no .tflite in MLBOM_INTEROP_MODELS (${directory ?? 'not set'})`);
  test.skip('TensorFlow Lite models of others');
} else {
  test.each(models)('reads %s, and finds room for all its constants', async (path) => {
    const file = join(directory, path);
    const model = await readTflite(sourceOf(file));
    expect(model.version).toBe(3);
    expect(model.inputs.length).toBeGreaterThan(0);
    expect(model.outputs.length).toBeGreaterThan(0);
    expect(model.operators.filter((name) => name.startsWith('operator '))).toEqual([]);
    expect(model.constants.length).toBeGreaterThan(0);
    const size = readFileSync(file).length;
    for (const { name, range } of model.constants)
      expect(range.offset + range.length, name).toBeLessThanOrEqual(size);
    const { facts, problems } = await flatbufferModels.collect(memoryEntry(path, readFileSync(file)));
    expect(facts).toHaveLength(1);
    expect(problems).toEqual([]);
  });
}
