import { describe, expect, it } from 'vitest';
import { openvino } from '../../../src/collectors/openvino/index.ts';
import { readOpenvino } from '../../../src/formats/openvino.ts';
import { memorySource } from '../../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { openvinoIr } from '../../fixtures/openvino-ir.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';

describe('openvino', () => {
  it('reads the graph, and finds the weights beside it', async () => {
    const fact = await factOf(openvino, 'ov/openvino_model.xml', openvinoIr());
    expect(valuesOf(fact)).toEqual({
      inputs: ['x: f32[?,3]'],
      outputs: ['y'],
      'mlbom:model:format': 'openvino',
      'mlbom:model:format-version': 'IR 11',
      'mlbom:model:header': ['layers=4', 'model=support'],
      'mlbom:model:opsets': 'opset1',
      'mlbom:model:operators': 'Const, MatMul, Parameter, Result',
      'mlbom:model:portability': 'OpenVINO that reads IR 11',
      'mlbom:model:producer': 'OpenVINO 2025.0.0-17942',
      'mlbom:model:quantization': 'int4_asym',
      'mlbom:model:provenance': [
        'Runtime_version=2025.0.0-17942',
        'conversion_parameters/framework=pytorch',
        'nncf/weight_compression/mode=int4_asym',
        'nncf/version=2.14.1',
      ],
    });
    expect(withoutEvidence(fact)).toEqual([{ type: 'part', path: 'ov/openvino_model.bin', bytes: 24 }]);
    expect(fact.tensors?.tensors).toEqual([
      { name: 'w', dtype: 'F16', shape: [3, 4], path: 'ov/openvino_model.bin', offset: 0, length: 24 },
    ]);
    expect(JSON.stringify(fact)).not.toContain('alice');
  });

  it('wants XML that begins as a net', () => {
    const wants = (path: string, text: string): boolean =>
      openvino.wants(memoryEntry(path, text), Buffer.from(text));
    expect(wants('model.xml', openvinoIr())).toBe(true);
    expect(wants('pom.xml', '<?xml version="1.0"?><project version="1"/>')).toBe(false);
    expect(wants('model.txt', openvinoIr())).toBe(false);
  });

  it.each([
    ['a constant without an offset', 'E_MALFORMED openvino-number', 'element_type="f16" shape="3" size="24"'],
    ['an offset that is no number', 'E_MALFORMED openvino-number', 'shape="3" offset="-1" size="24"'],
    ['a shape of words', 'E_MALFORMED openvino-shape', 'shape="a,b" offset="0" size="24"'],
  ])('refuses %s', async (_what, expected, data) => {
    expect(await refusal(readOpenvino(memorySource(Buffer.from(openvinoIr({ data })))))).toBe(expected);
  });

  survivesHostileBytes(
    readOpenvino,
    Buffer.from(
      '<net version="11"><layers><layer name="w" type="Const"><data shape="3" offset="0" size="6"/></layer></layers></net>',
    ),
    {
      refusesEveryTruncation: true,
    },
  );
});
