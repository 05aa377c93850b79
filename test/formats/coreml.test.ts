import { describe, expect, it } from 'vitest';
import { readCoreml } from '../../src/formats/coreml/read-coreml.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { writeCoreml, type CoremlOptions } from '../fixtures/coreml-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

describe('readCoreml', () => {
  it('reads the description, and what a neural network is made of', async () => {
    expect(await read({ customLayers: ['Own'] })).toMatchObject({
      specificationVersion: 8,
      kinds: ['neuralNetwork'],
      description: 'Tells birds apart',
      version: '1.2',
      author: 'Example',
      license: 'MIT',
      inputs: ['image: image[224,224]'],
      outputs: ['y: F32[1,10]'],
      customClasses: ['Own'],
      userDefined: new Map([
        ['com.github.apple.coremltools.version', '8.1'],
        ['com.github.apple.coremltools.source', 'torch==2.4.0'],
      ]),
    });
  });

  it('reads the operators of a program, and where its constants are', async () => {
    expect(
      await read({ blobs: ['@model_path/weights/weight.bin', '@model_path/weights/weight.bin'] }),
    ).toMatchObject({
      kinds: ['mlProgram'],
      opsets: ['CoreML7'],
      operators: ['const', 'linear'],
      constants: [
        { name: 'weight_0', dtype: 'F16', shape: [3, 4], file: '@model_path/weights/weight.bin', offset: 64 },
        { name: 'weight_1', offset: 192 },
      ],
    });
  });

  it('finds what is custom in a pipeline', async () => {
    const model = await read({ customModel: 'Own', pipelines: 3 });
    expect(model).toMatchObject({ kinds: ['pipeline', 'customModel'], customClasses: ['Own'] });
  });

  it.each<[string, string, Uint8Array]>([
    ['pipelines nested too deeply', 'E_LIMIT coreml-depth', writeCoreml({ pipelines: 20 })],
    ['a message without a model', 'E_MALFORMED coreml-model', Uint8Array.of(8, 1)],
  ])('refuses %s', async (_what, expected, bytes) => {
    expect(await refusal(readCoreml(memorySource(bytes)))).toBe(expected);
  });

  survivesHostileBytes(readCoreml, writeCoreml({ blobs: ['w'], pipelines: 1 }), {
    refusesEveryTruncation: true,
  });
});

function read(options: CoremlOptions) {
  return readCoreml(memorySource(writeCoreml(options)));
}
