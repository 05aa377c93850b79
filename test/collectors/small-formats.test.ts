import { describe, expect, it } from 'vitest';
import { catboost } from '../../src/collectors/catboost/index.ts';
import { fasttext } from '../../src/collectors/fasttext/index.ts';
import { flax } from '../../src/collectors/flax/index.ts';
import { ggml } from '../../src/collectors/ggml/index.ts';
import { gguf } from '../../src/collectors/gguf/index.ts';
import { hydra } from '../../src/collectors/hydra/index.ts';
import { judge } from '../../src/collectors/hydra/targets.ts';
import { lightgbm } from '../../src/collectors/lightgbm/index.ts';
import { llamafile } from '../../src/collectors/llamafile/index.ts';
import { skops } from '../../src/collectors/skops/index.ts';
import { walk } from '../../src/collectors/walk.ts';
import { xgboost } from '../../src/collectors/xgboost/index.ts';
import { zip } from '../../src/collectors/zip/index.ts';
import type { FileCollector } from '../../src/core/collector.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import type { Files } from '../fixtures/model-directory.ts';
import { files as ofCatboost } from './catboost/example.ts';
import { factOf, valuesOf } from './collected.ts';
import { files as ofFasttext } from './fasttext/example.ts';
import { files as ofFlax } from './flax/example.ts';
import { files as ofGgml } from './ggml/example.ts';
import { files as ofHydra } from './hydra/example.ts';
import { files as ofLightgbm } from './lightgbm/example.ts';
import { files as ofLlamafile } from './llamafile/example.ts';
import { files as ofSkops } from './skops/example.ts';
import { files as ofXgboost } from './xgboost/example.ts';

function read(collector: FileCollector, files: Files, index = 0) {
  const [path = '', content = ''] = Object.entries(files)[index] ?? [];
  return factOf(collector, path, content);
}

describe('trees', () => {
  it.each([
    [0, 'xgboost-json', 'xgboost 3.2.0', ['objective=binary:logistic', 'num_feature=4']],
    [1, 'xgboost-ubjson', 'xgboost 3.2.0', ['objective=reg:squarederror', 'num_feature=4']],
  ])(
    'of XGBoost (%i) say their version and what they were trained for',
    async (index, format, producer, header) => {
      expect(valuesOf(await read(xgboost, ofXgboost, index))).toMatchObject({
        'mlbom:model:format': format,
        'mlbom:model:producer': producer,
        'mlbom:model:header': header,
      });
    },
  );

  it("of XGBoost's old format are bound to old releases", async () => {
    expect(valuesOf(await read(xgboost, ofXgboost, 2))['mlbom:model:portability']).toMatch(/before 3\.0/);
  });

  it('of LightGBM and CatBoost say what they were trained for', async () => {
    expect(valuesOf(await read(lightgbm, ofLightgbm))).toMatchObject({
      'mlbom:model:format-version': 'v4',
      'mlbom:model:header': ['objective=binary sigmoid:1', 'num_class=1', 'max_feature_idx=3'],
    });
    expect(valuesOf(await read(catboost, ofCatboost))).toMatchObject({
      'mlbom:model:producer': 'catboost 1.2.10',
      'mlbom:model:header': 'loss_function=Logloss',
    });
  });
});

describe('old and small formats', () => {
  it('of ggml say that programs of today do not read them', async () => {
    expect(valuesOf(await read(ggml, ofGgml))).toMatchObject({
      'mlbom:model:format': 'ggjt',
      'mlbom:model:format-version': '3',
    });
  });

  it('of fastText say what kind of model it is', async () => {
    expect(valuesOf(await read(fasttext, ofFasttext))).toMatchObject({
      'mlbom:model:embedding-length': '16',
      'mlbom:model:header': 'loss=hierarchical softmax',
    });
  });

  it('of Flax have the arrays with their places', async () => {
    const fact = await read(flax, ofFlax);
    const bytes = Buffer.from(Object.values(ofFlax)[0] as Uint8Array);
    expect(fact.tensors?.tensors).toMatchObject([
      { name: 'params/dense/kernel', dtype: 'F32', shape: [2, 3], length: 24 },
      { name: 'params/dense/bias', dtype: 'BF16', shape: [3], length: 6 },
    ]);
    for (const { offset, length } of fact.tensors?.tensors ?? [])
      expect(bytes.subarray(offset, offset + length)).toEqual(Buffer.alloc(length));
  });
});

describe('hydra', () => {
  it.each([
    ['torch.optim.AdamW', 'usual'],
    ['nemo.collections.asr.models.EncDecCTCModel', 'usual'],
    ['os.system', 'dangerous'],
    ['builtins.exec', 'dangerous'],
    ['torch.hub.load', 'dangerous'],
    ['transformers.x.__globals__', 'dangerous'],
    ['torch.utils.collect_env.run', 'dangerous'],
    ['torch.serialization.pickle.loads', 'dangerous'],
    ['numpy.load', 'dangerous'],
    ['torch.load', 'dangerous'],
    ['uuid._popen', 'dangerous'],
    ['torch.utils.data.DataLoader', 'usual'],
    ['acme.models.Support', 'foreign'],
    ["${oc.decode:'b3M='}.system", 'computed'],
    ['os,system', 'computed'],
    ['${oc.env:TARGET}', 'computed'],
  ])('judges %s as %s', (target, judgement) => {
    expect(judge(target)).toBe(judgement);
  });

  it.each([
    ['behind the head', `${'# padding\n'.repeat(1000)}_target_: os.system`, ['MLB-HYD-001']],
    ['by an escaped key', '"\\x5f\\x74arget_": os.system', ['MLB-HYD-001']],
    ['with quotes in it', '_target_: "${oc.select:\'a,b\'}"', ['MLB-HYD-003']],
    ['as latent diffusion does', 'model: {target: os.system, params: {command: id}}', ['MLB-HYD-001']],
    ['not yet', '_target_: ???', []],
    ['of another kind', 'target: x86_64', []],
  ])('finds what is named %s', async (_how, text, rules) => {
    const { facts, findings } = await walk([memoryEntry('conf/a.yaml', text)], [hydra]);
    expect(findings.map(({ rule }) => rule)).toEqual(rules);
    expect(facts).toEqual([]);
  });

  it('says nothing of templates of YAML', async () => {
    const { problems } = await walk([memoryEntry('a.yaml', 'targetPort: {{ x }\n: [')], [hydra]);
    expect(problems).toEqual([]);
  });

  it('says where a configuration names what, with the place as it is written', async () => {
    const { findings } = await walk(
      Object.entries(ofHydra).map(([path, content]) => memoryEntry(path, content)),
      [hydra],
    );
    expect(findings.map(({ rule, symbol, message }) => [rule, symbol, message])).toEqual([
      ['MLB-HYD-001', 'os.system', 'callbacks[0]._target_ names os.system'],
      ['MLB-HYD-002', 'my_company.loader.Loader', 'loader._target_ names my_company.loader.Loader'],
      ['MLB-HYD-003', '${oc.env:TARGET}', 'model._target_ names ${oc.env:TARGET}'],
    ]);
  });
});

describe('archives with weights', () => {
  it('of skops name types that nobody trusts unseen', async () => {
    const [, path = ''] = Object.keys(ofSkops);
    const { findings } = await walk([memoryEntry(path, ofSkops[path] ?? '')], [skops]);
    expect(findings.map(({ rule, symbol }) => [rule, symbol])).toEqual([
      ['MLB-SKO-001', 'builtins.eval'],
      ['MLB-SKO-002', 'OperatorFuncNode'],
    ]);
  });

  it('that are programs are a finding, and the weights in them are read', async () => {
    const [path = ''] = Object.keys(ofLlamafile);
    const { facts, findings } = await walk(
      [memoryEntry(path, ofLlamafile[path] ?? '')],
      [llamafile, zip, gguf],
    );
    expect(findings.map(({ rule }) => rule)).toContain('MLB-LLF-001');
    expect(facts.flatMap((fact) => valuesOf(fact).architectureFamily ?? [])).toEqual(['llama']);
  });
});
