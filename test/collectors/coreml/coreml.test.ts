import { describe, expect, it } from 'vitest';
import { coreml } from '../../../src/collectors/coreml/index.ts';
import { writeBlobFile, writeCoreml } from '../../fixtures/coreml-writer.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { writeOnnx } from '../../fixtures/onnx-writer.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';

const path = 'Birds.mlpackage/Data/com.apple.CoreML/model.mlmodel';

describe('coreml', () => {
  it('reads a package: its model, which file has the weights, and its name', async () => {
    const blobs = ['@model_path/weights/weight.bin', '@model_path/weights/weight.bin'];
    const fact = await factOf(coreml, path, writeCoreml({ blobs }));
    expect(valuesOf(fact)).toEqual({
      description: 'Tells birds apart',
      version: '1.2',
      authors: [{ name: 'Example' }],
      license: { license: 'MIT' },
      modelArchitecture: 'mlProgram',
      inputs: ['image: image[224,224]'],
      outputs: ['y: F32[1,10]'],
      'mlbom:model:format': 'coreml',
      'mlbom:model:format-version': 'specification 8',
      'mlbom:model:opsets': 'CoreML7',
      'mlbom:model:operators': 'const, linear',
      'mlbom:model:portability': 'Core ML, specification 8 or later',
      'mlbom:model:producer': 'coremltools 8.1',
      'mlbom:model:provenance': 'com.github.apple.coremltools.source=torch==2.4.0',
    });
    expect(withoutEvidence(fact)).toEqual([
      { type: 'part', path: 'Birds.mlpackage/Data/com.apple.CoreML/weights/weight.bin', bytes: 256 },
    ]);
    expect(fact.tensors?.tensors).toMatchObject([
      { name: 'weight_0', dtype: 'F16', shape: [3, 4], length: 0 },
      {},
    ]);
    const manifest = await factOf(coreml, 'Birds.mlpackage/Manifest.json', '{"fileFormatVersion": "1.0.0"}');
    expect(manifest.about).toEqual({ kind: 'directory', path: 'Birds.mlpackage' });
    expect(valuesOf(manifest)).toEqual({ name: 'Birds', 'mlbom:model:header': 'mlpackage=1.0.0' });
  });

  it('wants models and weights by content, and no ONNX model', () => {
    const wants = (name: string, bytes: Uint8Array): boolean => coreml.wants(memoryEntry(name, bytes), bytes);
    expect(wants('model', writeCoreml())).toBe(true);
    expect(wants('weight.bin', writeBlobFile())).toBe(true);
    expect(wants('model.onnx', writeOnnx({}))).toBe(false);
  });

  it.each(['/etc/passwd', '../weights', 'a/../../b', 'a\\b', ''])(
    'says that %j lies outside',
    async (file) => {
      const { facts, findings } = await coreml.collect(memoryEntry(path, writeCoreml({ blobs: [file] })));
      expect(findings).toMatchObject([{ rule: 'MLB-COR-002', symbol: 'weight_0' }]);
      expect(facts[0]?.relations).toEqual([]);
    },
  );
});
