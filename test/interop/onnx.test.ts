import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readOnnx, type OnnxTensor, type OnnxValue } from '../../src/formats/onnx.ts';
import { writeModelDirectory } from '../fixtures/model-directory.ts';
import {
  componentAt,
  digestOf,
  generated,
  propertyOf,
  sourceOf,
  tensorDigests,
  totalsOf,
} from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Read {
  readonly ir_version: number;
  readonly producer: readonly string[];
  readonly model_version: number;
  readonly opsets: readonly (readonly [string, number])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: string;
  readonly initializers: readonly { name: string; dtype: string; shape: number[]; external: External }[];
  /** Type and number of elements of every tensor that the model stores, also in inner graphs and nodes. */
  readonly stored: readonly (readonly [dtype: string, elements: number])[];
  readonly inputs: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly functions: readonly (readonly [string, string])[];
  /** SHA-256 of the bytes of each initializer that has them in one piece, here or in another file. */
  readonly raw: Readonly<Record<string, string>>;
}

type External = Readonly<Record<string, string>>;

const files = [
  'theirs/inline.onnx',
  'theirs/one-file/model.onnx',
  'theirs/file-each/model.onnx',
  'ours/onnx/model.onnx',
] as const;

describeWith('the onnx library', python('onnx'), (peer) => {
  const directory = temporaryDirectory();
  beforeAll(async () => {
    mkdirSync(join(directory, 'theirs'));
    await peer.run(pythonScript('write_onnx'), join(directory, 'theirs'));
    await writeModelDirectory(join(directory, 'ours'));
  });

  test.each(files)('reads the same model from %s', async (file) => {
    const path = join(directory, file);
    const theirs = await readWith<Read>(peer, 'read_onnx', path);
    const ours = await readOnnx(sourceOf(path));
    expect({
      ir_version: ours.irVersion,
      producer: [ours.producerName, ours.producerVersion],
      model_version: ours.modelVersion,
      opsets: ours.opsets.map(({ domain, version }) => [domain, version]).sort(),
      metadata: Object.fromEntries(ours.metadataProps),
      graph: ours.graph.name,
      initializers: ours.graph.initializers.map(initializer),
      inputs: ours.graph.inputs.map(value),
      outputs: ours.graph.outputs.map(value),
      functions: ours.functions.map(({ domain, name }) => [domain, name]),
    }).toEqual({ ...theirs, stored: undefined, raw: undefined });
  });

  test.each(files)('finds the bytes of each initializer of %s in the same place', async (file) => {
    const path = join(directory, file);
    const theirs = await readWith<Read>(peer, 'read_onnx', path);
    const ours = await readOnnx(sourceOf(path));
    const digests = ours.graph.initializers.flatMap((tensor) => rawDigest(tensor, path));
    expect(Object.fromEntries(digests)).toEqual(theirs.raw);
  });

  test.each([
    ['theirs', 'model:inline.onnx', 'theirs/inline.onnx'],
    ['theirs', 'model:one-file/model.onnx', 'theirs/one-file/model.onnx'],
    ['theirs', 'model:file-each/model.onnx', 'theirs/file-each/model.onnx'],
    ['ours', 'model:onnx/model.onnx', 'ours/onnx/model.onnx'],
  ])('in %s, %s adds up to the same model', async (source, ref, file) => {
    const model = componentAt(await generated(join(directory, source)), ref);
    const theirs = await readWith<Read>(peer, 'read_onnx', join(directory, file));
    const byDtype: Record<string, number> = {};
    for (const [name, elements] of theirs.stored) {
      const dtype = sharedNames[name] ?? name;
      byDtype[dtype] = (byDtype[dtype] ?? 0) + elements;
    }
    const parameters = theirs.stored.reduce((sum, [, elements]) => sum + elements, 0);
    expect(totalsOf(model)).toEqual({ tensors: theirs.stored.length, parameters, byDtype });
    expect(propertyOf(model, 'mlbom:model:format-version')).toBe(`IR ${theirs.ir_version}`);
    expect(propertyOf(model, 'mlbom:model:producer')).toBe(theirs.producer.join(' '));
    expect(propertyOf(model, 'mlbom:model:opsets')).toBe(
      theirs.opsets.map(([domain, version]) => `${domain || 'ai.onnx'} ${version}`).join(', '),
    );
  });

  test('holds the bytes whose digests the manifest has, in external files too', async () => {
    const made = await generated(join(directory, 'theirs'));
    const { raw } = await readWith<Read>(peer, 'read_onnx', join(directory, 'theirs/one-file/model.onnx'));
    expect(Object.keys(raw).sort()).toEqual(['a', 'b', 'small']);
    expect(tensorDigests(made)).toMatchObject(
      Object.fromEntries(
        Object.entries(raw).map(([name, sha256]) => [`one-file/weights.bin ${name}`, sha256]),
      ),
    );
  });
});

/** What ONNX and safetensors both have is called as safetensors calls it. */
const sharedNames: Readonly<Record<string, string>> = {
  FLOAT: 'F32',
  FLOAT16: 'F16',
  BFLOAT16: 'BF16',
  DOUBLE: 'F64',
  INT8: 'I8',
  INT16: 'I16',
  INT32: 'I32',
  INT64: 'I64',
  UINT8: 'U8',
  UINT16: 'U16',
  UINT32: 'U32',
  UINT64: 'U64',
  FLOAT8E4M3FN: 'F8_E4M3',
};

function initializer({ name, dtype, shape, data }: OnnxTensor): Read['initializers'][number] {
  if (data.kind !== 'external') return { name, dtype, shape: [...shape], external: {} };
  const { location, offset, length } = data;
  return {
    name,
    dtype,
    shape: [...shape],
    external: { location, offset: String(offset), length: String(length) },
  };
}

function value({ name, elemType, shape }: OnnxValue): unknown {
  return { name, dtype: elemType, shape };
}

function rawDigest({ name, data }: OnnxTensor, path: string): [string, string][] {
  if (data.kind === 'raw') return [[name, digestOf(path, data)]];
  if (data.kind !== 'external') return [];
  const { location, offset = 0, needs } = data;
  return [[name, digestOf(join(path, '..', location), { offset, length: needs })]];
}
