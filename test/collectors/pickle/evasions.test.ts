import { describe, expect, it } from 'vitest';
import { pickle } from '../../../src/collectors/pickle/index.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { assemble, joblibArray, type PickleAssembler } from '../../fixtures/pickle-assembler.ts';

/** Opcodes of protocol 0 that call `posix.system`; NONE and POP first, so that it begins like nothing. */
function hidden(): PickleAssembler {
  return assemble()
    .ops('NONE', 'POP')
    .global('posix', 'system')
    .ops('MARK')
    .line('id')
    .ops('TUPLE', 'REDUCE');
}

const payload = hidden().stop();

async function rulesIn(bytes: Uint8Array, path = 'model.pkl'): Promise<string[]> {
  const entry = memoryEntry(path, bytes);
  if (!pickle.wants(entry, bytes.subarray(0, limits.headBytes))) return ['not wanted'];
  const { findings } = await pickle.collect(entry);
  return findings.map(({ rule, symbol }) => `${rule} ${symbol ?? ''}`.trim());
}

function loads(bytes: Uint8Array): Uint8Array {
  return assemble(4)
    .stackGlobal('torch.storage', '_load_from_bytes')
    .bytes(bytes)
    .ops('TUPLE1', 'REDUCE')
    .stop();
}

describe('pickle finds', () => {
  it('what bytes that PyTorch loads call, however they begin', async () => {
    expect(await rulesIn(loads(payload))).toContain('MLB-PKL-001 posix.system');
    expect(await rulesIn(loads(Buffer.from('no pickle')))).toContain(
      'MLB-PKL-001 torch.storage._load_from_bytes',
    );
    expect(await rulesIn(loads(assemble(4).int(1).stop()))).toEqual([]);
  });

  it.each([
    'a.pkl',
    'a.joblib',
    'a.p',
    'a.jl',
    'a.sk',
    'a.pt',
    'a.pth',
    'a.bin',
    'a.ckpt',
    'a.pth.tar',
    'm/a',
  ])('a hidden beginning under the name %s', async (path) => {
    expect(await rulesIn(payload, path)).toContain('MLB-PKL-001 posix.system');
  });

  it('a pickle that is TFLite too, and nothing more of that', async () => {
    // Four opcodes, and the signature of TFLite as the argument of the last.
    const bytes = Buffer.concat([Buffer.from('N0U\x05TFL3\n0', 'latin1'), payload]);
    expect(bytes.toString('latin1', 4, 8)).toBe('TFL3');
    expect(await rulesIn(bytes, 'model.bin')).toEqual(['MLB-PKL-001 posix.system']);
    const honest = Buffer.from('\x1c\0\0\0TFL3\x14\0\x20\0', 'latin1');
    expect(await rulesIn(honest, 'model.bin')).toEqual(['not wanted']);
  });

  it('numbers that Python reads with underscores', async () => {
    const bytes = assemble().ops('NONE').raw('p1_0\n').ops('POP').raw(hidden().stop()).stop();
    expect(await rulesIn(bytes)).toEqual(['MLB-PKL-001 posix.system', 'MLB-PKL-017']);
  });

  it('a name after the error that ends a pickle', async () => {
    const bytes = Buffer.concat([
      assemble(2).ops('NONE').toBytes(),
      Buffer.from('\xff\xff', 'latin1'),
      payload,
    ]);
    expect(await rulesIn(bytes)).toContain('MLB-PKL-001 posix.system');
  });

  it('an array of joblib whose dtype gives two sizes', async () => {
    const state = assemble()
      .ops('MARK')
      .int(3)
      .text('|')
      .ops('NONE', 'NONE', 'NONE')
      .int(40)
      .int(1)
      .int(0)
      .ops('TUPLE', 'BUILD')
      .toBytes();
    const array = Buffer.from(
      joblibArray(assemble(3), { shape: [1], dtype: 'u1', data: new Uint8Array(1) }).toBytes(),
    );
    const at = array.indexOf(0x52) + 1;
    const bytes = Buffer.concat([array.subarray(0, at), state, array.subarray(at), payload]);
    expect(await rulesIn(bytes)).toEqual(['MLB-PKL-001 posix.system', 'MLB-PKL-015']);
  });

  it.each(['_reconstructor', '__newobj__'])('an array of joblib made by %s', async (maker) => {
    const array = Buffer.from(
      joblibArray(assemble(3), { shape: [3], dtype: 'u1', data: Buffer.from('\xff..', 'latin1') }).toBytes(),
    );
    const wrapper = assemble().global('joblib.numpy_pickle', 'NumpyArrayWrapper');
    const rest = array.subarray(2 + wrapper.length + 2);
    const made = assemble(3).global('copyreg', maker).raw(wrapper.toBytes());
    if (maker === '_reconstructor') made.global('builtins', 'object').ops('NONE', 'TUPLE3', 'REDUCE');
    else made.ops('TUPLE1', 'REDUCE');
    expect(await rulesIn(made.raw(rest).raw(payload).stop())).toContain('MLB-PKL-001 posix.system');
    expect(await rulesIn(made.raw(rest).stop())).not.toContain('MLB-PKL-010');
  });

  it('allowed names that are used as nobody uses them', async () => {
    const booster = assemble(4).stackGlobal('xgboost.core', 'Booster');
    const file = assemble().raw(booster.toBytes()).ops('NONE').text('/etc/x').ops('TUPLE2', 'REDUCE').stop();
    expect(await rulesIn(file)).toEqual(['MLB-PKL-001 xgboost.core.Booster']);
    expect(await rulesIn(booster.ops('EMPTY_TUPLE', 'NEWOBJ').stop())).toEqual([]);

    const called = assemble(4).stackGlobal('torch._tensor', '_rebuild_from_type_v2');
    called.stackGlobal('os', 'system').text('id').ops('EMPTY_TUPLE', 'TUPLE3', 'REDUCE');
    expect(await rulesIn(called.stop())).toEqual(['MLB-PKL-001 os.system']);
  });

  it.each([
    ['sklearn._loss.glm_distribution', 'ABCMeta'],
    ['sklearn.calibration', 'Parallel'],
    ['torch.nn.modules.activation', 'F'],
    ['torch.nn.modules.rnn', '_VF'],
  ])('%s.%s, which is no class of that module', async (module, name) => {
    expect(await rulesIn(assemble(4).stackGlobal(module, name).stop())).toEqual([
      `MLB-PKL-002 ${module}.${name}`,
    ]);
  });

  it('classes of TorchScript outside an archive', async () => {
    const bytes = assemble(4).stackGlobal('__torch__.nn', 'Linear').stop();
    expect(await rulesIn(bytes)).toEqual(['MLB-PKL-004 __torch__.nn.Linear']);
    const { findings } = await pickle.collect({ ...memoryEntry('data.pkl', bytes), container: 'model.pt' });
    expect(findings).toEqual([]);
  });

  it('dtypes of objects that take bytes for pointers', async () => {
    const dtype = assemble(4).stackGlobal('numpy', 'dtype').text('O8');
    dtype.ops('NEWFALSE', 'NEWTRUE', 'TUPLE3', 'REDUCE');
    const forged = assemble().raw(dtype.toBytes()).ops('MARK').int(3).text('|').ops('NONE', 'NONE', 'NONE');
    forged.int(-1).int(-1).int(0).ops('TUPLE', 'BUILD');
    expect(await rulesIn(forged.stop())).toEqual(['MLB-PKL-001 numpy.dtype']);

    const buffer = assemble(4).stackGlobal('numpy._core.numeric', '_frombuffer').bytes(new Uint8Array(8));
    buffer.stackGlobal('numpy', 'dtype').text('O8').ops('TUPLE1', 'REDUCE', 'TUPLE2', 'REDUCE');
    expect(await rulesIn(buffer.stop())).toEqual(['MLB-PKL-001 numpy._core.numeric._frombuffer']);
  });
});
