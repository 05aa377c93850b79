import type { Files } from '../../fixtures/model-directory.ts';
import { writeOnnx, type OnnxTensorOptions } from '../../fixtures/onnx-writer.ts';

function withTensor(tensor: Partial<OnnxTensorOptions>): Uint8Array {
  return writeOnnx({
    producerName: 'pytorch',
    graph: {
      nodes: [{ operator: 'MatMul' }],
      initializers: [{ name: 'w', dtype: 'FLOAT', shape: [64], ...tensor }],
    },
  });
}

function withExternal(location: string, offset: string): Uint8Array {
  return withTensor({
    external: [
      ['location', location],
      ['offset', offset],
    ],
  });
}

export const files: Files = {
  'onnx/blob-without-a-name': withTensor({}),
  'onnx/without-a-producer': writeOnnx({ graph: { nodes: [{ operator: 'MatMul' }] } }),
  'onnx/escapes.onnx': withExternal('../../etc/passwd', '0'),
  'onnx/memory.onnx': withExternal('*/_ORT_MEM_ADDR_/*', '140737488355328'),
  'onnx/range.onnx': withExternal('data.bin', '-8'),
  'onnx/size.onnx': withTensor({ data: new Uint8Array(4) }),
  'onnx/twice.onnx': writeOnnx({
    graph: {},
    metadata: [
      ['a', '1'],
      ['a', '2'],
    ],
  }),
  'onnx/operators.onnx': writeOnnx({ graph: { nodes: [{ operator: 'Gelu', domain: 'com.example' }] } }),
  'onnx/model.onnx_data': 'the data of a model',
};

export const links: Readonly<Record<string, string>> = { 'onnx/model.onnx_data': '../elsewhere' };

export const findings: Readonly<Record<string, readonly string[]>> = {
  'onnx/escapes.onnx': ['MLB-ONX-001'],
  'onnx/memory.onnx': ['MLB-ONX-002'],
  'onnx/range.onnx': ['MLB-ONX-003'],
  'onnx/size.onnx': ['MLB-ONX-004'],
  'onnx/twice.onnx': ['MLB-ONX-005'],
  'onnx/operators.onnx': ['MLB-ONX-006'],
  'onnx/model.onnx_data': ['MLB-ONX-007'],
};
