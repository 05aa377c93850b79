import { describe, expect, it } from 'vitest';
import { readTensorflowCheckpoint } from '../../src/formats/tensorflow-checkpoint.ts';
import { readTensorflowGraph } from '../../src/formats/tensorflow-graph.ts';
import { isGraphDef, isMetaGraph, isSavedModel } from '../../src/formats/tensorflow-heads.ts';
import { readMetaGraph, readSavedModel } from '../../src/formats/tensorflow-saved-model.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeOnnx } from '../fixtures/onnx-writer.ts';
import { bytesField, varint, varintField } from '../fixtures/protobuf-writer.ts';
import {
  constant,
  placeholder,
  writeCheckpointIndex,
  writeGraphDef,
  writeMetaGraph,
  writeSavedModel,
} from '../fixtures/tensorflow-writer.ts';

const graph = {
  nodes: [
    placeholder('x', 1, [-1, 2]),
    constant('w', 1, [2, 2], Buffer.alloc(16, 7)),
    constant('equal', 1, [100], Buffer.alloc(4)),
    constant('name', 7, [], Buffer.from('')),
    { name: 'y', op: 'MatMul' },
    { name: 'z', op: 'MatMul' },
  ],
  functions: { step: [{ name: 'read', op: 'ReadFile' }] },
};

describe('readTensorflowGraph', () => {
  it('counts operators, in functions too, and says where each is first', async () => {
    const bytes = writeGraphDef(graph);
    const read = await readTensorflowGraph(memorySource(bytes));
    expect([...read.operators].map(([name, { count, node, within }]) => [name, count, node, within])).toEqual(
      [
        ['Placeholder', 1, 'x', undefined],
        ['Const', 3, 'w', undefined],
        ['MatMul', 2, 'y', undefined],
        ['ReadFile', 1, 'read', 'step'],
      ],
    );
    expect(read).toMatchObject({
      producer: 1087,
      functions: new Set(['step']),
      placeholders: [{ name: 'x', dtype: 'float32', shape: [-1, 2] }],
    });
  });

  it('places the constants whose bytes are one range', async () => {
    const bytes = writeGraphDef(graph);
    const { constants } = await readTensorflowGraph(memorySource(bytes));
    expect(constants).toMatchObject([
      { name: 'w', dtype: 'float32', shape: [2, 2], length: 16 },
      { name: 'equal', shape: [100], offset: 0, length: 0 },
      { name: 'name', dtype: 'string', shape: [], length: 0 },
    ]);
    const { offset = 0, length = 0 } = constants[0] ?? {};
    expect([...bytes.subarray(offset, offset + length)]).toEqual(Array<number>(16).fill(7));
  });

  it('never reads a tensor', async () => {
    const size = 1_000_000_000;
    // One node whose constant has a gigabyte, written as its heads alone.
    const tensor = Buffer.concat([
      varintField(1, 4),
      bytesField(2, bytesField(2, varintField(1, size))),
      field(4, size),
    ]);
    const value = Buffer.concat([field(8, tensor.length + size), tensor]);
    const entry = Buffer.concat([bytesField(1, 'value'), field(2, value.length + size), value]);
    const node = Buffer.concat([
      bytesField(1, 'w'),
      bytesField(2, 'Const'),
      field(5, entry.length + size),
      entry,
    ]);
    const head = Buffer.concat([field(1, node.length + size), node]);
    const source = sparseSource(head.length + size, [{ offset: 0, bytes: head }]);
    const { constants } = await readTensorflowGraph(source);
    expect(constants).toEqual([
      { name: 'w', dtype: 'uint8', shape: [size], offset: head.length, length: size },
    ]);
    expect(source.bytesRead).toBeLessThan(1_000_000);
  });

  it.each([
    ['a graph without nodes', writeGraphDef({}), 'E_MALFORMED tensorflow-graph'],
    ['a node without an operator', bytesField(1, bytesField(1, 'x')), 'E_MALFORMED tensorflow-node'],
    ['a field of another type', bytesField(1, varintField(1, 1)), 'E_MALFORMED tensorflow-field'],
    [
      'a constant of any shape',
      writeGraphDef({ nodes: [constant('c', 1, [-1], Buffer.of())] }),
      'E_MALFORMED tensorflow-constant',
    ],
    [
      'an impossible shape',
      writeGraphDef({ nodes: [constant('c', 1, [2 ** 40, 2 ** 40], Buffer.of())] }),
      'E_MALFORMED tensorflow-shape',
    ],
    [
      'too many dimensions',
      writeGraphDef({ nodes: [constant('c', 1, Array<number>(65).fill(1), Buffer.of())] }),
      'E_LIMIT tensorflow-dimensions',
    ],
  ])('refuses %s', async (_, bytes, expected) => {
    expect(await refusal(readTensorflowGraph(memorySource(bytes)))).toBe(expected);
  });

  survivesHostileBytes(readTensorflowGraph, writeGraphDef({ nodes: graph.nodes.slice(0, 2) }), {
    refusesEveryTruncation: false,
  });
});

describe('readSavedModel', () => {
  const bytes = writeSavedModel({
    ...graph,
    inputs: [['x', 1, [-1, 2]]],
    outputs: [['y', 9, []]],
    assets: ['vocab.txt'],
  });

  it('reads tags, version, signatures and assets', async () => {
    const { schemaVersion, metaGraphs } = await readSavedModel(memorySource(bytes));
    expect(schemaVersion).toBe(1);
    expect(metaGraphs).toMatchObject([
      {
        tags: ['serve'],
        tensorflowVersion: '2.15.0',
        signatures: [
          {
            name: 'serving_default',
            inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 2] }],
            outputs: [{ name: 'y', dtype: 'int64', shape: [] }],
          },
        ],
        assets: ['vocab.txt'],
      },
    ]);
    const { graph: same } = await readMetaGraph(memorySource(writeMetaGraph(graph)));
    expect([...same.operators.keys()]).toEqual([...(metaGraphs[0]?.graph.operators.keys() ?? [])]);
  });

  it('refuses what has no graph, or too many', async () => {
    expect(await refusal(readSavedModel(memorySource(varintField(1, 1))))).toBe(
      'E_MALFORMED tensorflow-saved-model',
    );
    const many = Buffer.concat(Array<Uint8Array>(65).fill(bytesField(2)));
    expect(await refusal(readSavedModel(memorySource(many)))).toBe('E_LIMIT tensorflow-meta-graphs');
  });

  survivesHostileBytes(
    readSavedModel,
    writeSavedModel({ nodes: graph.nodes.slice(4), outputs: [['y', 9, []]] }),
    {
      refusesEveryTruncation: false,
    },
  );
});

describe('heads', () => {
  const saved = writeSavedModel(graph);
  const meta = writeMetaGraph(graph);
  const frozen = writeGraphDef(graph);
  const others = [
    writeOnnx({}),
    Buffer.from('\n\n\n\nhello'),
    Buffer.from('\n\u0006\n\u0002ab\u0012\u0000'),
    Buffer.of(10),
    Buffer.of(),
  ];

  it('tell the kinds apart', () => {
    expect([saved, meta, frozen, ...others].map(isSavedModel)).toEqual([
      true,
      ...Array<boolean>(7).fill(false),
    ]);
    expect([saved, meta, frozen, ...others].map(isGraphDef)).toEqual([
      false,
      false,
      true,
      ...Array<boolean>(5).fill(false),
    ]);
    expect([saved, meta].map(isMetaGraph)).toEqual([false, true]);
  });
});

describe('readTensorflowCheckpoint', () => {
  const tensors = [
    { name: 'layer/bias', shape: [3], size: 12, shard: 1, offset: 5 },
    { name: 'layer/kernel', shape: [4, 3], size: 48 },
    { name: 'graph', type: 7, size: 99, offset: 48 },
    { name: 'part', shape: [8, 4], size: 0, sliced: true },
    { name: '\0\u0001slice', shape: [4, 4], size: 64, offset: 147 },
  ];
  const bytes = writeCheckpointIndex(tensors, { shards: 2 });

  it('reads the tensors and what each shard must hold', async () => {
    const checkpoint = await readTensorflowCheckpoint(memorySource(bytes));
    expect(checkpoint).toMatchObject({ shards: 2, bigEndian: false, shardBytes: [211, 17] });
    expect(checkpoint.tensors).toEqual([
      { name: 'graph', dtype: 'string', shape: [], shard: 0, offset: 48, length: 99, isSliced: false },
      { name: 'layer/bias', dtype: 'float32', shape: [3], shard: 1, offset: 5, length: 12, isSliced: false },
      {
        name: 'layer/kernel',
        dtype: 'float32',
        shape: [4, 3],
        shard: 0,
        offset: 0,
        length: 48,
        isSliced: false,
      },
      { name: 'part', dtype: 'float32', shape: [8, 4], shard: 0, offset: 0, length: 0, isSliced: true },
    ]);
  });

  it.each([
    [
      'compressed blocks',
      writeCheckpointIndex(tensors, { shards: 2, compression: 1 }),
      'E_UNSUPPORTED tensorflow-table-compressed',
    ],
    ['a shard that there is not', writeCheckpointIndex(tensors), 'E_MALFORMED tensorflow-shard'],
    [
      'a length that is not the shape',
      writeCheckpointIndex([{ name: 'w', shape: [2], size: 9 }]),
      'E_MALFORMED tensorflow-entry',
    ],
    ['too many shards', writeCheckpointIndex([], { shards: 20_000 }), 'E_LIMIT tensorflow-shards'],
    ['another end', Buffer.concat([bytes, Buffer.of(0)]), 'E_MALFORMED tensorflow-table-magic'],
  ])('refuses %s', async (_, file, expected) => {
    expect(await refusal(readTensorflowCheckpoint(memorySource(file)))).toBe(expected);
  });

  survivesHostileBytes(readTensorflowCheckpoint, bytes, { refusesEveryTruncation: true });
});

/** The tag and length of a field of bytes. */
function field(number: number, length: number): Uint8Array {
  return Buffer.concat([varint(8 * number + 2), varint(length)]);
}
