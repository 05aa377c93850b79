import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../src/formats/onnx.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal } from '../fixtures/hostile-bytes.ts';
import type { OnnxTensorOptions } from '../fixtures/onnx-writer.ts';
import { writeOnnx } from '../fixtures/onnx-writer.ts';
import { bytesField, fixed32Field, varint, varintField } from '../fixtures/protobuf-writer.ts';

const weight: OnnxTensorOptions = { name: 'w', dtype: 'FLOAT', shape: [2, 3] };

describe('tensors of ONNX models', () => {
  it('says where the bytes of a tensor are', async () => {
    const data = Uint8Array.from({ length: 24 }, (_, i) => i + 1);
    const bytes = writeOnnx({ graph: { initializers: [{ ...weight, data }] } });
    const { graph } = await readOnnx(memorySource(bytes));
    const offset = Buffer.from(bytes).indexOf(data);
    expect(graph.initializers).toEqual([
      { name: 'w', dtype: 'FLOAT', shape: [2, 3], data: { kind: 'raw', offset, length: 24 } },
    ]);
  });

  it.each<[string, OnnxTensorOptions]>([
    ['float_data', { ...weight, fields: [bytesField(4, Buffer.alloc(24))] }],
    ['float_data', { ...weight, fields: Array.from({ length: 6 }, () => fixed32Field(4, 1)) }],
    ['float_data', { name: 'c', dtype: 'COMPLEX64', shape: [3], fields: [bytesField(4, Buffer.alloc(24))] }],
    [
      'int32_data',
      { name: 'h', dtype: 'FLOAT16', shape: [2], fields: [bytesField(5, varint(1), varint(65_535))] },
    ],
    ['int32_data', { name: 'n', dtype: 'UINT4', shape: [3], fields: [varintField(5, 1), varintField(5, 2)] }],
    ['int64_data', { name: 'i', dtype: 'INT64', shape: [1], fields: [bytesField(7, varint(-1n))] }],
    ['double_data', { name: 'd', dtype: 'DOUBLE', shape: [1], fields: [bytesField(10, Buffer.alloc(8))] }],
    [
      'string_data',
      { name: 's', dtype: 'STRING', shape: [2], fields: [bytesField(6, ''), bytesField(6, 'b')] },
    ],
  ])('recognises typed data: %s', async (field, tensor) => {
    const { graph } = await readInitializers(tensor);
    expect(graph.initializers[0]?.data).toEqual({ kind: 'typed', field });
  });

  it('knows that half a byte is padded, and that an empty tensor has no data', async () => {
    const initializers: OnnxTensorOptions[] = [
      { name: 'n', dtype: 'UINT4', shape: [3] },
      { name: 'e', dtype: 'FLOAT', shape: [0, 7] },
    ];
    const { graph } = await readInitializers(...initializers);
    expect(graph.initializers.map((tensor) => tensor.data)).toMatchObject([
      { kind: 'raw', length: 2 },
      { kind: 'none' },
    ]);
  });

  it('gives external data as it is written', async () => {
    const external = [
      ['location', 'weights/model.data'],
      ['offset', '4096'],
      ['length', '24'],
      ['checksum', 'da39a3ee'],
    ] as const;
    const { graph } = await readInitializers({ ...weight, external });
    expect(graph.initializers[0]?.data).toEqual({
      kind: 'external',
      location: 'weights/model.data',
      escapes: false,
      offset: 4096,
      length: 24,
      needs: 24,
      checksum: 'da39a3ee',
    });
  });

  it.each([
    ['model.data', false],
    ['a/..b/c', false],
    ['../model.data', true],
    ['a/../../b', true],
    ['a/..', true],
    ['/etc/passwd', true],
    ['..\\b', true],
    ['C:model.data', true],
    ['a\0b', true],
  ])('says of the location %j whether it escapes: %s', async (location, escapes) => {
    const { graph } = await readInitializers({ ...weight, external: [['location', location]] });
    expect(graph.initializers[0]?.data).toMatchObject({ kind: 'external', location, escapes });
  });

  it.each<[string, string, Partial<OnnxTensorOptions>]>([
    ['too few bytes', 'E_MALFORMED onnx-tensor-size', { data: new Uint8Array(23) }],
    ['no bytes', 'E_MALFORMED onnx-tensor-size', { fields: [] }],
    ['too many typed entries', 'E_MALFORMED onnx-tensor-size', { fields: [bytesField(4, Buffer.alloc(28))] }],
    ['part of an entry', 'E_MALFORMED onnx-tensor-size', { fields: [bytesField(4, Buffer.alloc(23))] }],
    [
      'typed data of another type',
      'E_MALFORMED onnx-tensor-data',
      { fields: [bytesField(7, ...sixNumbers())] },
    ],
    ['raw strings', 'E_MALFORMED onnx-tensor-size', { dtype: 'STRING', data: new Uint8Array(6) }],
    [
      'data at two places',
      'E_MALFORMED onnx-tensor-data',
      {
        data: new Uint8Array(24),
        fields: [bytesField(4, Buffer.alloc(24))],
      },
    ],
    [
      'data here and elsewhere',
      'E_MALFORMED onnx-tensor-data',
      {
        data: new Uint8Array(24),
        external: [['location', 'a']],
      },
    ],
    ['external data without a location', 'E_MALFORMED onnx-external-data', { external: [['offset', '0']] }],
    [
      'two locations',
      'E_MALFORMED onnx-external-twice',
      {
        external: [
          ['location', 'a'],
          ['location', 'b'],
        ],
      },
    ],
    [
      'a negative offset',
      'E_MALFORMED onnx-external-range',
      {
        external: [
          ['location', 'a'],
          ['offset', '-1'],
        ],
      },
    ],
    [
      'an offset above 2^53',
      'E_MALFORMED onnx-external-range',
      {
        external: [
          ['location', 'a'],
          ['offset', '9007199254740993'],
        ],
      },
    ],
    [
      'an external length that does not fit',
      'E_MALFORMED onnx-tensor-size',
      {
        external: [
          ['location', 'a'],
          ['length', '25'],
        ],
      },
    ],
    ['no data type', 'E_MALFORMED onnx-data-type', { dtype: 0, data: new Uint8Array(24) }],
    [
      'a data type that is not known',
      'E_UNSUPPORTED onnx-data-type',
      { dtype: 27, data: new Uint8Array(24) },
    ],
    ['a negative dimension', 'E_MALFORMED onnx-shape', { shape: [-1n], data: new Uint8Array(24) }],
    [
      'a product above 2^64',
      'E_MALFORMED onnx-shape',
      { shape: [2n ** 32n, 2n ** 32n], data: new Uint8Array(24) },
    ],
    [
      '65 dimensions',
      'E_LIMIT onnx-dimensions',
      { shape: Array<number>(65).fill(1), data: new Uint8Array(4) },
    ],
  ])('refuses a tensor with %s', async (_what, expected, tensor) => {
    expect(await refusal(readInitializers({ ...weight, ...tensor }))).toBe(expected);
  });
});

function readInitializers(...initializers: OnnxTensorOptions[]) {
  return readOnnx(memorySource(writeOnnx({ graph: { initializers } })));
}

function sixNumbers(): Uint8Array[] {
  return Array.from({ length: 6 }, () => varint(1));
}
