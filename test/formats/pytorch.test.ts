import { describe, expect, it } from 'vitest';
import { readPickle } from '../../src/formats/pickle/read-pickle.ts';
import { readPytorchLegacy } from '../../src/formats/pytorch-legacy.ts';
import { pytorchObject, type PytorchObject } from '../../src/formats/pytorch-object.ts';
import { readPytorchTar, readTarTensors } from '../../src/formats/pytorch-tar.ts';
import { limits } from '../../src/core/limits.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import {
  call,
  global,
  persistent,
  pickled,
  storage,
  tensor,
  tuple,
  writeTorchLegacy,
  writeTorchTar,
  type Pickled,
} from '../fixtures/torch-writer.ts';

describe('pytorchObject', () => {
  it('names tensors by the dicts, lists and modules that lead to them', async () => {
    const layer = call(global('torch.nn.modules.linear', 'Linear'), [], {
      _parameters: { weight: call(global('torch._utils', '_rebuild_parameter'), [tensor(), true, {}]) },
      _buffers: { scale: tensor({ key: '1' }) },
      _modules: {},
      in_features: 4,
    });
    const model = call(global('example.model', 'Net'), [], { _parameters: {}, _modules: { fc: layer } });
    const found = await objectOf({ model, more: [tensor({ key: '2' }), { deep: tensor({ key: '3' }) }] });
    expect(namesOf(found)).toEqual(['model fc.weight', 'model fc.scale', 'more 0', 'more 1.deep']);
    expect(found.classes).toEqual(['example.model.Net', 'torch.nn.modules.linear.Linear']);
    expect((await objectOf(model)).root).toBe('example.model.Net');
  });

  it('says where a tensor lies in its storage', async () => {
    const found = await objectOf({
      view: tensor({ shape: [2, 3], offset: 6, elements: 24 }),
      turned: tensor({ shape: [3, 2], stride: [1, 3], elements: 6 }),
      one: tensor({ shape: [1, 3], stride: [99, 1], elements: 3 }),
      empty: tensor({ shape: [0, 3], elements: 0 }),
      beyond: tensor({ shape: [4], offset: 3, elements: 4 }),
    });
    expect(found.tensors.map(({ begin, end, length }) => [begin, end, length])).toEqual([
      [24, 48, 24],
      [0, 24, 0],
      [0, 12, 12],
      [0, 0, 0],
      [12, 28, 16],
    ]);
  });

  it.each([
    ['Half', 'float16', 2],
    ['BFloat16', 'bfloat16', 2],
    ['Long', 'int64', 8],
    ['QUInt8', 'quint8', 1],
    ['ComplexFloat', 'complex64', 8],
  ])('knows a %sStorage', async (type, dtype, size) => {
    const [found] = (await objectOf({ w: tensor({ type }) })).tensors;
    expect(found).toMatchObject({ dtype, storage: { elementBytes: size, bytes: 4 * size } });
  });

  it('takes the type that newer tensors bring, and the tensor out of what wraps it', async () => {
    const untyped = storage({ type: 'Untyped', elements: 8 });
    const args = [untyped, 0, tuple(8), tuple(1), false, {}, global('torch', 'float8_e4m3fn'), null];
    const newer = call(global('torch._utils', '_rebuild_tensor_v3'), args);
    const wrapped = call(global('torch._tensor', '_rebuild_from_type_v2'), [
      global('torch._utils', '_rebuild_tensor_v2'),
      global('example', 'Tagged'),
      tuple(storage(), 0, tuple(4), tuple(1), false, {}),
      {},
    ]);
    const meta = call(global('torch._utils', '_rebuild_meta_tensor_no_storage'), [
      global('torch', 'bfloat16'),
      tuple(2, 2),
      tuple(2, 1),
      false,
    ]);
    const { tensors } = await objectOf({ newer, wrapped, meta });
    expect(tensors.map(({ dtype, shape, length }) => [dtype, shape, length])).toEqual([
      ['float8_e4m3fn', [8], 8],
      ['float32', [4], 16],
      ['bfloat16', [2, 2], 0],
    ]);
  });

  it('reads the OrderedDict of Python 2', async () => {
    const pairs = [
      ['a', tensor()],
      ['b', tensor({ key: '1' })],
    ];
    expect(namesOf(await objectOf(call(global('collections', 'OrderedDict'), [pairs])))).toEqual([
      'a ',
      'b ',
    ]);
  });

  it.each([
    ['dicts', (inner: Pickled): Pickled => ({ a: inner })],
    ['modules', (inner: Pickled): Pickled => ({ _modules: inner })],
    ['lists', (inner: Pickled): Pickled => [inner]],
    ['calls', (inner: Pickled): Pickled => call(global('example', 'f'), [inner])],
    ['states', (inner: Pickled): Pickled => call(global('example', 'f'), [], { _modules: inner })],
  ])('stops in too many %s inside each other, and says so', async (_, wrap) => {
    let nested: Pickled = tensor();
    for (let depth = 0; depth <= 2 * limits.pytorchDepth; depth++) nested = wrap(nested);
    expect(await objectOf(nested)).toMatchObject({ isCut: true, tensors: [] });
  });

  it('takes calls that only look like a tensor for what they are', async () => {
    const odd = (...args: Pickled[]): Pickled => call(global('torch._utils', '_rebuild_tensor_v2'), args);
    const { tensors } = await objectOf({
      none: odd(),
      negative: odd(storage(), -1, tuple(4), tuple(1)),
      huge: odd(storage(), 0, tuple(2 ** 52, 2 ** 52), tuple(1, 1)),
      uneven: odd(storage(), 0, tuple(4, 4), tuple(1)),
      foreign: odd(persistent('storage'), 0, tuple(4), tuple(1)),
    });
    expect(tensors).toEqual([]);
  });
});

describe('readPytorchLegacy', () => {
  const floats = Buffer.alloc(16, 1);
  const longs = Buffer.alloc(16, 2);
  const file = writeTorchLegacy(
    { a: tensor({ key: 'x' }), b: tensor({ type: 'Long', shape: [2], key: 'y' }) },
    { y: [longs, 8], x: [floats, 4] },
  );

  it('finds the storages behind the five pickles', async () => {
    const { storages, version, littleEndian, object } = await readPytorchLegacy(memorySource(file));
    expect([version, littleEndian, namesOf(object)]).toEqual([1001, true, ['a ', 'b ']]);
    for (const [key, bytes] of [
      ['x', floats],
      ['y', longs],
    ] as const) {
      const { offset = 0, length = 0 } = storages.get(key) ?? {};
      expect(file.subarray(offset, offset + length)).toEqual(Uint8Array.from(bytes));
    }
  });

  it('refuses a storage that ends behind the file', async () => {
    const cut = file.subarray(0, file.length - 1);
    expect(await refusal(readPytorchLegacy(memorySource(cut)))).toBe('E_MALFORMED pytorch-truncated');
  });

  survivesHostileBytes(readPytorchLegacy, file, { refusesEveryTruncation: true });
});

describe('readPytorchTar', () => {
  const file = writeTorchTar({ 5: [2, 3], 7: [] });

  it('reads the list of tensors', async () => {
    expect(await readPytorchTar(memorySource(file))).toEqual([
      { key: '5', dtype: 'float32', shape: [2, 3] },
      { key: '7', dtype: 'float32', shape: [] },
    ]);
  });

  it('refuses one that is cut', async () => {
    for (const length of [620, 1100, 2100, 3100]) {
      expect(await refusal(readPytorchTar(memorySource(file.subarray(0, length))))).toMatch(/^E_MALFORMED/);
    }
  });

  // The member `tensors` comes first.
  survivesHostileBytes(readTarTensors, writeTorchTar({ 5: [2] }).subarray(512, 640), {
    refusesEveryTruncation: false,
  });
});

async function objectOf(value: Pickled): Promise<PytorchObject> {
  const { values } = await readPickle(memorySource(pickled(value)));
  if (!values[0]) throw new Error('no pickle');
  return pytorchObject(values[0]);
}

function namesOf({ tensors }: PytorchObject): string[] {
  return tensors.map(({ top, rest }) => `${top} ${rest}`);
}
