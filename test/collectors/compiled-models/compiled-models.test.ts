import { describe, expect, it } from 'vitest';
import { compiledModels } from '../../../src/collectors/compiled-models/index.ts';
import { rknnModel, tensorrtEngine } from '../../fixtures/compiled-models.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf } from '../collected.ts';

describe('compiled-models', () => {
  it('says which TensorRT an engine is bound to', async () => {
    const fact = await factOf(compiledModels, 'support.engine', tensorrtEngine());
    expect(valuesOf(fact)).toEqual({
      'mlbom:model:format': 'tensorrt',
      'mlbom:model:format-version': 'ftrt 0',
      'mlbom:model:producer': 'TensorRT 10.3.0.26',
      'mlbom:model:portability': [
        'NVIDIA GPU of the architecture that it was built on',
        'TensorRT 10.3.0.26',
      ],
    });
  });

  it('does not guess the version of an older one', async () => {
    const fact = await factOf(compiledModels, 'support.engine', tensorrtEngine(undefined, 'ptrt'));
    expect(valuesOf(fact)).not.toHaveProperty(['mlbom:model:producer']);
  });

  it('reads what Ultralytics puts before an engine', async () => {
    const metadata = {
      description: 'YOLO11n',
      author: 'Ultralytics',
      license: 'AGPL-3.0 License (https://ultralytics.com/license)',
      version: '8.3.0',
      task: 'detect',
      imgsz: [640, 640],
      names: { 0: 'person' },
    };
    const fact = await factOf(compiledModels, 'yolo.engine', tensorrtEngine(metadata));
    expect(valuesOf(fact)).toMatchObject({
      description: 'YOLO11n',
      manufacturer: { name: 'Ultralytics' },
      license: { license: 'AGPL-3.0' },
      task: 'detect',
      'mlbom:model:library': 'ultralytics',
      'mlbom:model:header': ['version=8.3.0', 'imgsz=[640,640]', 'names={"0":"person"}'],
      'mlbom:model:producer': 'TensorRT 10.3.0.26',
    });
  });

  it('says which chip a model for Rockchip is bound to', async () => {
    const bytes = rknnModel({
      version: '2.3.0',
      target_platform: ['rk3588'],
      network_platform: 'ONNX',
      name: 'support',
    });
    expect(valuesOf(await factOf(compiledModels, 'support.rknn', bytes))).toEqual({
      'mlbom:model:format': 'rknn',
      'mlbom:model:format-version': '6',
      'mlbom:model:portability': 'Rockchip rk3588',
      'mlbom:model:producer': 'RKNN-Toolkit 2.3.0',
      'mlbom:model:provenance': 'converted_from=ONNX',
      'mlbom:model:header': 'model=support',
    });
  });

  it.each([
    [
      'metadata without an engine',
      'E_MALFORMED tensorrt-magic',
      'a.engine',
      Buffer.concat([Uint8Array.of(2, 0, 0, 0), Buffer.from('{}')]),
    ],
    [
      'metadata longer than the file',
      'E_LIMIT tensorrt-metadata',
      'a.engine',
      Buffer.concat([Uint8Array.of(99, 0, 0, 0), Buffer.from('{}')]),
    ],
    ['a model longer than the file', 'E_MALFORMED rknn-truncated', 'a.rknn', rknnModel({}).subarray(0, 80)],
  ])('refuses %s', async (_what, expected, path, bytes) => {
    expect(await refusal(compiledModels.collect(memoryEntry(path, bytes)))).toBe(expected);
  });
});
