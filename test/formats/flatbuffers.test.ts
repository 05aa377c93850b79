import { describe, expect, it } from 'vitest';
import { readExecutorch } from '../../src/formats/flatbuffers/executorch.ts';
import { FlatBuffer } from '../../src/formats/flatbuffers/flatbuffer.ts';
import { readOrt } from '../../src/formats/flatbuffers/ort.ts';
import { readTflite, readTfliteMetadata } from '../../src/formats/flatbuffers/tflite.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import {
  writeExecutorch,
  writeOrt,
  writeTflite,
  writeTfliteMetadata,
  type TfliteOptions,
} from '../fixtures/flatbuffer-models.ts';
import { i32, i64, i8, text, writeFlatbuffer } from '../fixtures/flatbuffer-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { pseudoRandomBytes } from '../fixtures/pseudo-random.ts';

describe('FlatBuffer', () => {
  it('reads each kind of field, and defaults of those that are not there', async () => {
    const bytes = writeFlatbuffer('TEST', {
      0: i8(-2),
      1: i32(-3),
      2: i64(2n ** 40n),
      3: text('größe'),
      5: { table: { 0: i32(7) } },
      6: { tables: [{ 0: i32(1) }, {}] },
      7: { texts: ['a', ''] },
      8: { ints: [1, -1], bytes: 4 },
      9: { ints: [2n ** 40n], bytes: 8 },
      10: { data: Uint8Array.of(1, 2, 3) },
    });
    const buffer = new FlatBuffer(memorySource(bytes), 'test');
    const root = await buffer.root();
    expect([await buffer.i8(root, 0), await buffer.u8(root, 0)]).toEqual([-2, 254]);
    expect([await buffer.i32(root, 1), await buffer.u32(root, 1)]).toEqual([-3, 4_294_967_293]);
    expect(await buffer.u64(root, 2)).toBe(2 ** 40);
    expect([await buffer.text(root, 3), await buffer.text(root, 4)]).toEqual(['größe', '']);
    expect([await buffer.i32(root, 4, 9), await buffer.i32(root, 99, 9)]).toEqual([9, 9]);
    const inner = await buffer.table(root, 5);
    expect(inner && (await buffer.i32(inner, 0))).toBe(7);
    expect(await buffer.table(root, 4)).toBeUndefined();
    const ones: number[] = [];
    for await (const table of buffer.tables(root, 6)) ones.push(await buffer.i32(table, 0));
    expect(ones).toEqual([1, 0]);
    const texts: string[] = [];
    for await (const item of buffer.texts(root, 7)) texts.push(item);
    expect(texts).toEqual(['a', '']);
    expect(await buffer.i32s(root, 8)).toEqual([1, -1]);
    expect(await buffer.i64s(root, 9)).toEqual([2 ** 40]);
    expect(await buffer.bytes(root, 10)).toMatchObject({ length: 3 });
  });
});

describe('readTflite', () => {
  it('reads operators, inputs, outputs, constants and metadata', async () => {
    const bytes = writeTflite({
      operators: [9, 150, 'FlexReadFile'],
      metadata: { min_runtime_version: Buffer.from('2.3.0\0') },
    });
    const model = await readTflite(memorySource(bytes));
    expect(model).toMatchObject({
      version: 3,
      description: 'A test',
      operators: ['FULLY_CONNECTED', 'GELU'],
      customOperators: ['FlexReadFile'],
      inputs: [{ name: 'x', dtype: 'F32', shape: [-1, 3] }],
      outputs: [{ name: 'y', dtype: 'F32', shape: [1, 2] }],
      subgraphs: 1,
      signatures: ['serving_default'],
    });
    // A second tensor shares the buffer, and the model has it once.
    expect(model.constants).toMatchObject([
      { name: 'w', dtype: 'F32', shape: [2, 3], range: { length: 24 } },
    ]);
    const { offset = 0, length = 0 } = model.constants[0]?.range ?? {};
    expect(bytes.subarray(offset, offset + length)).toEqual(pseudoRandomBytes(24, 'w'));
    expect([...model.metadata.keys()]).toEqual(['min_runtime_version']);
  });

  it('finds buffers behind the FlatBuffers part of a large model, and fetches none of them', async () => {
    const size = 8 * 1024 ** 3;
    const bytes = writeTflite({ behind: [size - 24, 24] });
    const source = sparseSource(size, [{ offset: 0, bytes }]);
    const model = await readTflite(source);
    expect(model.constants).toMatchObject([{ range: { offset: size - 24, length: 24 } }]);
    expect(source.bytesRead).toBeLessThan(64 * 1024);
  });

  it('reads what the author says of a model', async () => {
    const bytes = writeTfliteMetadata();
    const metadata = await readTfliteMetadata(memorySource(bytes), { offset: 0, length: bytes.length });
    expect(metadata).toMatchObject({
      name: 'Bird classifier',
      author: 'Example',
      version: 'v1',
      files: ['labels.txt'],
    });
  });

  it.each<[string, string, TfliteOptions]>([
    ['another identifier', 'E_MALFORMED tflite-identifier', { identifier: 'XXXX' }],
    ['a buffer behind the end', 'E_MALFORMED tflite-truncated', { behind: [1_000_000, 24] }],
    ['more bytes than a shape needs', 'E_MALFORMED tflite-buffer', { data: new Uint8Array(25) }],
    ['a negative size', 'E_MALFORMED tflite-shape', { shape: [-1, 3] }],
    [
      'sizes whose product is beyond any file',
      'E_MALFORMED tflite-shape',
      { shape: [2 ** 31 - 1, 2 ** 31 - 1] },
    ],
  ])('refuses %s', async (_what, expected, options) => {
    expect(await refusal(readTflite(memorySource(writeTflite(options))))).toBe(expected);
  });

  survivesHostileBytes(readTflite, writeTflite({ operators: [9, 'Custom'] }), {
    refusesEveryTruncation: true,
  });
});

describe('readOrt', () => {
  it('reads versions, operators and initializers', async () => {
    expect(
      await readOrt(
        memorySource(
          writeOrt([
            ['', 'MatMul'],
            ['com.example', 'Mine'],
          ]),
        ),
      ),
    ).toMatchObject({
      version: '5',
      irVersion: 8,
      opsets: ['ai.onnx 17'],
      producerName: 'pytorch',
      operators: [':MatMul', 'com.example:Mine'],
      providers: ['CPUExecutionProvider'],
      inputs: ['x'],
      outputs: ['y'],
      initializers: [{ name: 'w', dtype: 'F32', shape: [2, 3], range: { length: 24 } }],
    });
  });

  survivesHostileBytes(readOrt, writeOrt(), { refusesEveryTruncation: true });
});

describe('readExecutorch', () => {
  it('reads methods, operators, delegates and segments', async () => {
    const bytes = writeExecutorch(new Uint8Array(64));
    expect(await readExecutorch(memorySource(bytes))).toEqual({
      version: 0,
      methods: ['forward'],
      operators: ['aten::add.out', 'my::op'],
      delegates: ['XnnpackBackend'],
      segments: [{ offset: bytes.length - 64, length: 64 }],
    });
  });

  survivesHostileBytes(readExecutorch, writeExecutorch(new Uint8Array(16)), { refusesEveryTruncation: true });
});
