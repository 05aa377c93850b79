import { describe, expect, it } from 'vitest';
import { flatbufferModels } from '../../../src/collectors/flatbuffer-models/index.ts';
import { walk } from '../../../src/collectors/walk.ts';
import {
  writeExecutorch,
  writeOrt,
  writeTflite,
  writeTfliteMetadata,
} from '../../fixtures/flatbuffer-models.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf } from '../collected.ts';

describe('flatbuffer-models', () => {
  it('reads a TensorFlow Lite model, with what its author says', async () => {
    const metadata = {
      min_runtime_version: Buffer.from('2.3.0\0\0\0'),
      TFLITE_METADATA: writeTfliteMetadata(),
    };
    const fact = await factOf(
      flatbufferModels,
      'a/birds.bin',
      writeTflite({ metadata, description: 'MLIR Converted.' }),
    );
    expect(valuesOf(fact)).toEqual({
      name: 'Bird classifier',
      description: 'Tells birds apart',
      version: 'v1',
      authors: [{ name: 'Example' }],
      license: { license: 'Apache-2.0' },
      inputs: ['x: F32[?,3]'],
      outputs: ['y: F32[1,2]'],
      mimeType: 'application/vnd.tflite',
      'mlbom:model:format': 'tflite',
      'mlbom:model:format-version': '3',
      'mlbom:model:operators': 'FULLY_CONNECTED',
      'mlbom:model:header': ['signature=serving_default', 'file=labels.txt'],
      'mlbom:model:portability': 'TensorFlow Lite >= 2.3.0',
      'mlbom:model:producer': 'TensorFlow Lite Converter (MLIR)',
    });
    expect(fact.tensors?.tensors).toMatchObject([{ name: 'w', dtype: 'F32', shape: [2, 3], length: 24 }]);
  });

  it('still reads a model whose metadata it cannot read', async () => {
    const metadata = { TFLITE_METADATA: Uint8Array.of(1, 2, 3) };
    const { facts, problems } = await flatbufferModels.collect(
      memoryEntry('a.tflite', writeTflite({ metadata })),
    );
    expect(facts).toHaveLength(1);
    expect(problems).toMatchObject([{ effect: 'incomplete', code: 'tflite-truncated' }]);
  });

  it('tells operators of the runtime from those that somebody has to bring', async () => {
    const operators = [
      ['', 'MatMul'],
      ['com.microsoft', 'FusedConv'],
      ['com.example', 'Mine'],
    ] as const;
    const ort = await factOf(flatbufferModels, 'a.ort', writeOrt(operators));
    expect(valuesOf(ort)).toMatchObject({
      'mlbom:model:format': 'ort',
      'mlbom:model:format-version': '5',
      'mlbom:model:opsets': 'ai.onnx 17',
      'mlbom:model:operators': 'FusedConv, MatMul, Mine',
      'mlbom:model:custom-operators': 'com.example:Mine',
      'mlbom:model:producer': 'pytorch 2.1',
      'mlbom:model:provenance': 'author=Example',
      'mlbom:model:portability': 'ONNX Runtime that reads ORT format 5',
    });
    const program = await factOf(flatbufferModels, 'a.pte', writeExecutorch());
    expect(valuesOf(program)).toMatchObject({
      'mlbom:model:format': 'executorch',
      'mlbom:model:header': 'method=forward',
      'mlbom:model:custom-operators': 'my::op',
      'mlbom:model:portability': 'ExecuTorch with XnnpackBackend',
    });
  });

  it('takes an unreadable file of its name for a model', async () => {
    const { facts, problems } = await walk([memoryEntry('a.tflite', 'not a model')], [flatbufferModels]);
    expect(facts).toMatchObject([{ about: { kind: 'weights', path: 'a.tflite' } }]);
    expect(problems).toMatchObject([{ code: 'tflite-identifier' }]);
  });
});
