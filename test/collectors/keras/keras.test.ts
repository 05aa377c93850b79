import { describe, expect, it } from 'vitest';
import { keras } from '../../../src/collectors/keras/index.ts';
import { zip } from '../../../src/collectors/zip/index.ts';
import { walk } from '../../../src/collectors/walk.ts';
import { writeHdf5 } from '../../fixtures/hdf5-writer.ts';
import {
  denseWeights,
  functionLayer,
  kerasLayer,
  lambdaLayer,
  oldLambdaLayer,
  sequential,
  writeKeras,
  writeKerasHdf5,
} from '../../fixtures/keras-writer.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';
import { factOf, valuesOf } from '../collected.ts';

describe('keras', () => {
  it('reads an archive of Keras 3, and finds its weights in it', async () => {
    const bytes = writeKeras();
    const fact = await factOf(keras, 'support.keras', bytes);
    expect(fact.about).toEqual({ kind: 'weights', path: 'support.keras' });
    expect(valuesOf(fact)).toEqual({
      modelArchitecture: 'Sequential',
      inputs: ['x: float32[?,3]'],
      'mlbom:model:format': 'keras',
      'mlbom:model:library': 'keras',
      'mlbom:model:producer': 'keras 3.8.0',
      'mlbom:model:operators': 'Dense',
      'mlbom:model:header': [
        'optimizer tensors=1',
        'model=support',
        'layers=2',
        'optimizer=adam',
        'loss=mse',
        'date_saved=2026-01-01@12:00:00',
      ],
    });
    const tensors = fact.tensors?.tensors ?? [];
    expect(tensors).toMatchObject([
      { name: 'layers/dense/vars/0', dtype: 'F32', shape: [3, 2], length: 24 },
      { name: 'layers/dense/vars/1', dtype: 'F32', shape: [2], length: 8 },
    ]);
    const { offset = 0, length = 0 } = tensors[0] ?? {};
    expect(bytes.subarray(offset, offset + length)).toEqual(pseudoRandomBytes(24, 'layers/dense/vars/0'));
  });

  it('knows names and shapes alone of weights that are packed', async () => {
    const fact = await factOf(keras, 'support.keras', writeKeras({ deflate: true }));
    expect(fact.tensors?.tensors).toMatchObject([
      { shape: [3, 2], offset: 0, length: 0 },
      { shape: [2], offset: 0, length: 0 },
    ]);
  });

  it('reads an HDF5 model, and leaves the state of its optimizer out', async () => {
    const fact = await factOf(keras, 'support.h5', writeKerasHdf5());
    expect(valuesOf(fact)).toMatchObject({
      modelArchitecture: 'Sequential',
      'mlbom:model:format': 'keras-h5',
      'mlbom:model:producer': 'keras 2.15.0',
      'mlbom:model:header': [
        'optimizer tensors=1',
        'backend=tensorflow',
        'model=support',
        'layers=2',
        'optimizer=Adam',
        'loss=mse',
      ],
    });
    expect(fact.tensors?.tensors).toMatchObject([{ name: 'model_weights/dense/kernel:0', length: 24 }]);
  });

  it('takes other HDF5 files for files', async () => {
    const bytes = writeHdf5({
      attributes: [['encoding-type', 'anndata']],
      datasets: [{ path: 'g/X', shape: [3] }],
    });
    const fact = await factOf(keras, 'cells.h5ad', bytes);
    expect(fact).toMatchObject({ about: { kind: 'file' }, type: 'file' });
    expect(valuesOf(fact)).toMatchObject({
      'mlbom:file:format': 'hdf5',
      'mlbom:file:header': ['datasets=1', 'groups=2', 'encoding-type=anndata'],
    });
  });

  it('wants HDF5 and zip by content, and JSON that speaks of Keras', () => {
    const config = JSON.stringify(sequential());
    const wants = (path: string, content: Uint8Array | string): boolean =>
      keras.wants(memoryEntry(path, content), Buffer.from(content));
    expect(wants('weights.bin', writeHdf5({}))).toBe(true);
    expect(wants('matlab.mat', writeHdf5({ userBlock: 512 }))).toBe(true);
    expect(wants('model.zip', writeKeras())).toBe(true);
    expect(wants('model.json', config)).toBe(true);
    expect(wants('model.txt', config)).toBe(false);
    expect(wants('config.json', '{"architectures": ["LlamaForCausalLM"]}')).toBe(false);
  });

  it('says nothing of other zips, and nothing of zips that cannot be read', async () => {
    const other = writeZip([{ name: 'config.json', content: '{}' }]);
    for (const bytes of [other, other.subarray(0, 30)])
      expect(await keras.collect(memoryEntry('a.zip', bytes))).toEqual({
        facts: [],
        problems: [],
        findings: [],
      });
  });

  it('states nothing twice when the walk comes to the weights in the archive', async () => {
    const weights = {
      ...denseWeights,
      version: 2,
      externalLinks: [{ path: 'x', file: '/etc/x', target: '/y' }],
    } as const;
    const walked = await walk([memoryEntry('support.keras', writeKeras({ weights }))], [keras, zip]);
    expect(walked.facts.filter(({ about }) => about.kind === 'weights')).toHaveLength(1);
    expect(walked.findings).toMatchObject([
      { rule: 'MLB-KER-009', path: 'support.keras', member: 'model.weights.h5', symbol: 'x' },
    ]);
  });

  it('describes the directory of an unpacked model', async () => {
    const fact = await factOf(keras, 'model/config.json', JSON.stringify(sequential()));
    expect(fact.about).toEqual({ kind: 'directory', path: 'model' });
    expect(valuesOf(fact)).toMatchObject({ modelArchitecture: 'Sequential', 'mlbom:model:library': 'keras' });
  });
});

describe('the rules for Keras', () => {
  it.each<[string, unknown, string[]]>([
    ['layers of Keras and its extensions', kerasLayer('Backbone', { name: 'b' }, 'keras_hub.models'), []],
    ['functions of Keras', functionLayer('builtins', 'relu'), []],
    [
      'a registration of Keras',
      { class_name: 'Own', registered_name: 'keras_hub>Own', config: {}, module: 'keras_hub' },
      [],
    ],
    ['a list as vocabulary', kerasLayer('StringLookup', { vocabulary: ['a', 'b'] }), []],
    ['a lambda', lambdaLayer, ['MLB-KER-002 Lambda evil']],
    ['a lambda of old', oldLambdaLayer, ['MLB-KER-002 Lambda evil']],
    [
      'a lambda as an argument of another layer',
      kerasLayer('Wrap', { fn: { class_name: '__lambda__', config: {} } }),
      ['MLB-KER-002 Wrap'],
    ],
    ['a module of Python', functionLayer('subprocess', 'run'), ['MLB-KER-003 subprocess.run']],
    ['a function that loads pickles', functionLayer('_pickle', 'loads'), ['MLB-KER-003 _pickle.loads']],
    ['a function that loads arrays', functionLayer('numpy', 'load'), ['MLB-KER-003 numpy.load']],
    ['a function that loads weights', functionLayer('torch', 'load'), ['MLB-KER-003 torch.load']],
    ['a pipe to a program', functionLayer('platform', 'popen'), ['MLB-KER-003 platform.popen']],
    ['a hidden pipe', functionLayer('uuid', '_popen'), ['MLB-KER-003 uuid._popen']],
    ['a profiler', functionLayer('cProfile', 'run'), ['MLB-KER-003 cProfile.run']],
    ['an event loop', functionLayer('asyncio', 'run'), ['MLB-KER-003 asyncio.run']],
    [
      'a function that Keras 2 takes by its name',
      kerasLayer('Lambda', { function: 'load', module: 'numpy', function_type: 'function' }),
      ['MLB-KER-003 numpy.load'],
    ],
    ['a builtin that runs code', functionLayer('builtins', 'exec'), ['MLB-KER-003 builtins.exec']],
    ['a submodule', functionLayer('os.path', 'join'), ['MLB-KER-003 os.path.join']],
    [
      'turning the protection off',
      functionLayer('keras.config', 'enable_unsafe_deserialization'),
      ['MLB-KER-004 enable_unsafe_deserialization'],
    ],
    [
      'a download from inside',
      functionLayer('keras.src.utils.file_utils', 'get_file'),
      ['MLB-KER-004 get_file'],
    ],
    ['a class of a package', kerasLayer('Own', {}, 'support.layers'), ['MLB-KER-007 support.layers.Own']],
    [
      'a registered class',
      { class_name: 'Own', registered_name: 'support>Own', config: {}, module: 'builtins' },
      ['MLB-KER-003 builtins.Own'],
    ],
    [
      'a registered function',
      kerasLayer('Lambda', {
        function: {
          module: 'builtins',
          class_name: 'function',
          config: 'support>own',
          registered_name: 'function',
        },
      }),
      ['MLB-KER-007 support>own'],
    ],
    [
      'an address as vocabulary',
      kerasLayer('TextVectorization', { name: 'v', vocabulary: 'https://u:p@example.org/v' }),
      ['MLB-KER-008 TextVectorization v'],
    ],
  ])('see %s', async (_what, layer, expected) => {
    const { findings } = await keras.collect(
      memoryEntry('a.keras', writeKeras({ config: sequential(layer) })),
    );
    expect([...new Set(findings.map(({ rule, symbol }) => `${rule} ${symbol}`))].sort()).toEqual(
      expected.sort(),
    );
    expect(JSON.stringify(findings)).not.toContain('u:p@');
  });

  it('look at every member that goes by the name of the configuration', async () => {
    const config = JSON.stringify(sequential());
    const evil = JSON.stringify(sequential(lambdaLayer));
    const bytes = writeZip([
      { name: 'config.json', content: config },
      { name: 'config.json', content: evil },
      { name: 'model.weights.h5', content: writeHdf5(denseWeights) },
    ]);
    const { findings } = await keras.collect(memoryEntry('a.keras', bytes));
    expect(findings.map(({ rule }) => rule)).toContain('MLB-KER-002');
  });

  it('say that nobody looked at a configuration that could not be read', async () => {
    for (const config of ['{', '['.repeat(200), '{"a": 1, "a": 2}']) {
      const { findings, problems } = await keras.collect(memoryEntry('a.h5', writeKerasHdf5(config)));
      expect(findings).toMatchObject([{ rule: 'MLB-KER-010', symbol: 'model_config' }]);
      expect(problems).toMatchObject([{ effect: 'incomplete' }]);
    }
  });
});
