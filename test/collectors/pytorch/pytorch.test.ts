import { describe, expect, it } from 'vitest';
import { pytorch } from '../../../src/collectors/pytorch/index.ts';
import type { Collected } from '../../../src/core/collector.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import {
  call,
  global,
  pickled,
  tensor,
  tuple,
  writeTorchLegacy,
  writeTorchTar,
  writeTorchZip,
  type Pickled,
  type TorchZipOptions,
} from '../../fixtures/torch-writer.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';
import { factOf, valuesOf } from '../collected.ts';

const two = { 0: Buffer.alloc(16, 1), 1: Buffer.alloc(16, 2) };

describe('pytorch', () => {
  it('places the tensors of a zip', async () => {
    const file = writeTorchZip({
      value: { 'a.weight': tensor(), 'a.bias': tensor({ key: '1', shape: [2], offset: 2, elements: 4 }) },
      storages: two,
    });
    const fact = await factOf(pytorch, 'm/model.pt', file);
    expect(fact.about).toEqual({ kind: 'weights', path: 'm/model.pt' });
    expect(fact.tensors?.tensors).toMatchObject([
      { name: 'a.weight', dtype: 'F32', shape: [4], path: 'm/model.pt', length: 16 },
      { name: 'a.bias', dtype: 'F32', shape: [2], path: 'm/model.pt', length: 8 },
    ]);
    const bytes = (fact.tensors?.tensors ?? []).map(({ offset, length }) => [
      ...file.subarray(offset, offset + length),
    ]);
    expect(bytes).toEqual([Array<number>(16).fill(1), Array<number>(8).fill(2)]);
    expect(valuesOf(fact)).toEqual({
      'mlbom:model:format': 'pytorch',
      'mlbom:model:format-version': '3',
      'mlbom:model:library': 'pytorch',
    });
  });

  it('gives no place to what is compressed or in another order', async () => {
    const value = { t: tensor({ shape: [2, 2], stride: [1, 2] }) };
    for (const file of [writeTorchZip({ value }), writeTorchZip({ value: { t: tensor() }, deflate: true })]) {
      expect((await factOf(pytorch, 'a.pt', file)).tensors?.tensors).toMatchObject([
        { name: 't', offset: 0, length: 0 },
      ]);
    }
  });

  it('reads what the small members of a zip say', async () => {
    const members = [
      { name: 'byteorder', content: 'little' },
      { name: '.format_version', content: '1' },
      { name: '.data/serialization_id', content: '0636457737946401051300000005273889470432' },
    ];
    const fact = await factOf(pytorch, 'a.pt', writeTorchZip({ value: { w: tensor() }, members, root: '' }));
    expect(valuesOf(fact)['mlbom:model:header']).toEqual([
      'byte-order=little',
      'zip-format-version=1',
      'serialization-id=0636457737946401051300000005273889470432',
    ]);
  });

  it('reads what Lightning keeps, and no optimizer for a model', async () => {
    const value: Pickled = {
      'pytorch-lightning_version': '2.5.0',
      epoch: 3,
      global_step: 700,
      state_dict: { 'net.weight': tensor() },
      optimizer_states: [{ state: { 0: { exp_avg: tensor({ key: '1' }) } } }],
      hyper_parameters: { lr: 1, api_key: 'secret' },
    };
    const fact = await factOf(pytorch, 'last.ckpt', writeTorchZip({ value, storages: two }));
    expect(fact.tensors?.tensors.map(({ name }) => name)).toEqual(['net.weight']);
    expect(valuesOf(fact)).toMatchObject({
      'mlbom:model:producer': 'pytorch-lightning 2.5.0',
      'mlbom:model:header': [
        'training-state-tensors=1',
        'epoch=3',
        'global_step=700',
        'hyper_parameters=api_key,lr',
      ],
    });
    expect(JSON.stringify(fact)).not.toContain('secret');
  });

  it('keeps the outer names where a checkpoint holds more than one model', async () => {
    const license = 'AGPL-3.0 License (https://example.org/license)';
    const value = { model: { w: tensor() }, ema: { w: tensor({ key: '1' }) }, license };
    const fact = await factOf(pytorch, 'a.pt', writeTorchZip({ value, storages: two }));
    expect(fact.tensors?.tensors.map(({ name }) => name)).toEqual(['model.w', 'ema.w']);
    expect(valuesOf(fact).license).toEqual({ license: 'AGPL-3.0 License' });
  });

  it('names the classes that a pickled model needs', async () => {
    const layer = call(global('torch.nn.modules.linear', 'Linear'), [], {
      _parameters: { weight: tensor() },
    });
    const value = call(global('example.model', 'Net'), [], { _modules: { fc: layer } });
    const fact = await factOf(pytorch, 'a.pt', writeTorchZip({ value }));
    expect(valuesOf(fact)).toMatchObject({
      modelArchitecture: 'Net',
      'mlbom:model:classes': ['example.model.Net', 'torch.nn.modules.linear.Linear'],
    });
  });

  it.each([
    [
      'an optimizer',
      { state: { 0: { exp_avg: tensor() } }, param_groups: [] },
      ['training-state-tensors=1', 'content=training-state'],
    ],
    ['no tensors', { last_lr: [1] }, undefined],
  ])('takes a file with %s for no weights', async (_, value: Pickled, header) => {
    const fact = await factOf(pytorch, 'optimizer.pt', writeTorchZip({ value }));
    expect(fact.about.kind).toBe('file');
    expect(valuesOf(fact)['mlbom:file:header']).toEqual(header);
  });

  it('reads legacy files and the tar before them', async () => {
    const legacy = await factOf(pytorch, 'a.bin', writeTorchLegacy({ w: tensor() }, { 0: [two[0], 4] }));
    expect(legacy.tensors?.tensors).toMatchObject([{ name: 'w', dtype: 'F32', length: 16 }]);
    expect(valuesOf(legacy)).toMatchObject({
      'mlbom:model:format': 'pytorch-legacy',
      'mlbom:model:format-version': '1001',
    });
    const tar = await factOf(pytorch, 'a.t7', writeTorchTar({ 3: [2, 2] }));
    expect(tar.tensors?.tensors).toMatchObject([{ name: '3', dtype: 'F32', shape: [2, 2], length: 0 }]);
    expect(valuesOf(tar)).toMatchObject({
      'mlbom:model:format': 'pytorch-tar',
      'mlbom:model:format-version': '0.1.1',
    });
  });

  it('numbers parts, and lists what an index expects of each', async () => {
    const file = writeTorchZip({ value: { w: tensor() } });
    expect((await factOf(pytorch, 'a/m-00002-of-00003.bin', file)).about).toMatchObject({
      part: { set: 'a/m.bin/00003', number: 2, count: 3 },
    });
    const index = '{"metadata":{"total_size":16},"weight_map":{"w":"m-00001-of-00001.bin"}}';
    expect((await factOf(pytorch, 'a/m.bin.index.json', index)).about).toEqual({
      kind: 'index',
      path: 'a/m.bin.index.json',
      tensorBytes: 16,
      parts: [{ path: 'a/m-00001-of-00001.bin', tensors: ['w'] }],
    });
  });

  it.each([
    ['its storage', { w: tensor({ shape: [4], offset: 1, elements: 4 }) }],
    ['the member', { w: tensor({ shape: [400], elements: 400 }) }],
  ])('finds a tensor that reaches beyond %s', async (_, value) => {
    const { findings, facts } = await collected({ value });
    expect(findings).toMatchObject([{ rule: 'MLB-PT-005', severity: 'high', symbol: 'w' }]);
    expect(facts[0]?.tensors?.tensors).toMatchObject([{ length: 0 }]);
  });

  it('says which storages are missing, and that a pickle breaks off', async () => {
    expect(await collected({ value: { w: tensor({ key: '9' }) } })).toMatchObject({
      problems: [{ code: 'pytorch-storage', effect: 'incomplete' }],
    });
    const broken = writeZip([{ name: 'a/data.pkl', content: Buffer.from([0x80, 2, 0x7d]) }]);
    expect(await pytorch.collect(memoryEntry('a.pt', broken))).toMatchObject({
      problems: [{ code: 'pytorch-pickle', effect: 'incomplete' }],
    });
  });

  it('looks through the code of TorchScript', async () => {
    const code = [
      'def forward(self, x):',
      '  y = torch.from_file("/etc/passwd", False, 10)',
      '  return ops.torchvision.nms(ops.prim.data(y), x)',
    ].join('\n');
    const members = [{ name: 'code/__torch__/net.py', content: code, deflate: true }];
    const { facts, findings } = await collected({ value: { w: tensor() }, members });
    expect(findings.map(({ rule, symbol }) => [rule, symbol])).toEqual([
      ['MLB-PT-002', undefined],
      ['MLB-PT-003', 'aten::from_file'],
      ['MLB-PT-004', 'torchvision::nms'],
    ]);
    expect(facts[0] && valuesOf(facts[0])).toMatchObject({
      'mlbom:model:format': 'torchscript',
      'mlbom:model:custom-operators': 'torchvision::nms',
    });
  });

  it('takes the constants of TorchScript with the others', async () => {
    const { facts } = await collected({
      value: { w: tensor() },
      members: [
        { name: 'constants.pkl', content: pickled(tuple(tensor({ shape: [2] }))) },
        { name: 'constants/0', content: Buffer.alloc(8, 3) },
      ],
    });
    expect(facts[0]?.tensors?.tensors.map(({ name, length }) => [name, length])).toEqual([
      ['w', 16],
      ['constants.0', 8],
    ]);
  });

  it('knows an exported program, and native code in it', async () => {
    const file = writeZip([
      { name: 'net/archive_format', content: 'pt2' },
      { name: 'net/archive_version', content: '0' },
      { name: 'net/models/model.json', content: '{}' },
      { name: 'net/data/aotinductor/model/cabc.wrapper.so', content: '\x7fELF' },
    ]);
    const { facts, findings } = await pytorch.collect(memoryEntry('net.pt2', file));
    expect(facts[0] && valuesOf(facts[0])).toMatchObject({
      'mlbom:model:format': 'pt2',
      'mlbom:model:format-version': '0',
      'mlbom:model:header': 'models=1',
    });
    expect(findings).toMatchObject([
      { rule: 'MLB-PT-001', severity: 'critical', symbol: 'data/aotinductor/model/cabc.wrapper.so' },
    ]);
  });

  it('has nothing to say of another zip with such a name', async () => {
    const file = writeZip([{ name: 'notes.txt', content: 'x' }]);
    expect(await pytorch.collect(memoryEntry('a.pt', file))).toEqual({
      facts: [],
      problems: [],
      findings: [],
    });
  });
});

function collected(options: TorchZipOptions): Promise<Collected> {
  return pytorch.collect(memoryEntry('a.pt', writeTorchZip(options)));
}
