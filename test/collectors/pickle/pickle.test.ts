import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pickle } from '../../../src/collectors/pickle/index.ts';
import { fileCollectors } from '../../../src/collectors/registry.ts';
import { walk } from '../../../src/collectors/walk.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { assemble, callPickle } from '../../fixtures/pickle-assembler.ts';
import { factOf, valuesOf } from '../collected.ts';
import { attacks } from './attacks.ts';
import { files } from './example.ts';

/** Rule, offset and symbol of each finding. */
async function findingsIn(bytes: Uint8Array | string, path = 'model.pkl'): Promise<string[]> {
  const { findings } = await pickle.collect(memoryEntry(path, bytes));
  return findings.map(({ rule, offset, symbol }) => `${rule} ${offset ?? ''} ${symbol ?? ''}`.trim());
}

function wants(path: string, bytes: Uint8Array): boolean {
  return pickle.wants(memoryEntry(path, bytes), bytes.subarray(0, limits.headBytes));
}

describe('pickle', () => {
  describe('finds', () => {
    it.each(Object.entries(attacks))('%s', async (_, { bytes, expected }) => {
      expect(await findingsIn(bytes)).toEqual(expected);
    });
  });

  describe('judges', () => {
    it.each([
      ['os', 'system'],
      ['posix', 'popen'],
      ['nt', 'system'],
      ['subprocess', 'Popen'],
      ['commands', 'getoutput'],
      ['builtins', 'eval'],
      ['__builtin__', 'execfile'],
      ['builtins', '__import__'],
      ['sys', 'setprofile'],
      ['pip', 'main'],
      ['pip._internal.cli.main', 'main'],
      ['runpy', 'run_path'],
      ['importlib', 'import_module'],
      ['ctypes', 'CDLL'],
      ['socket', 'create_connection'],
      ['http.client', 'HTTPSConnection'],
      ['urllib2', 'urlopen'],
      ['webbrowser', 'open'],
      ['shutil', 'rmtree'],
      ['pty', 'spawn'],
      ['asyncio.unix_events', '_UnixSubprocessTransport'],
      ['code', 'InteractiveInterpreter'],
      ['bdb', 'Bdb'],
      ['pdb', 'run'],
      ['timeit', 'timeit'],
      ['doctest', 'debug_script'],
      ['cProfile', 'run'],
      ['profile', 'Profile.run'],
      ['pydoc', 'pipepager'],
      ['marshal', 'loads'],
      ['types', 'FunctionType'],
      ['types', 'CodeType'],
      ['operator', 'attrgetter'],
      ['_operator', 'methodcaller'],
      ['torch.hub', 'load'],
      ['torch', 'load'],
      ['torch.ops', 'load_library'],
      ['numpy.testing._private.utils', 'runstring'],
      ['uuid', '_get_command_stdout'],
      ['imaplib', 'IMAP4_stream'],
      ['smtplib', 'SMTP'],
      ['_pyrepl.pager', 'pipe_pager'],
      ['_osx_support', '_read_output'],
      ['_aix_support', '_read_cmd_output'],
      ['lib2to3.pgen2.grammar', 'Grammar.loads'],
      ['distutils.file_util', 'write_file'],
      ['idlelib.run', 'Executive.runcode'],
      ['ensurepip', '_run_pip'],
      ['venv', 'create'],
      ['tempfile', 'mkstemp'],
      ['multiprocessing.util', 'spawnv_passfds'],
      ['pickle', 'loads'],
      ['dill._dill', '_create_function'],
      ['cloudpickle.cloudpickle', 'subimport'],
      ['numpy', 'memmap'],
      ['pandas.io.common', 'urlopen'],
      ['sklearn.datasets._openml', 'GzipFile'],
      ['torch', 'os'],
      ['collections', 'OrderedDict.__init__.__globals__'],
      ['numpy', '__builtins__'],
      ['numpy.core', '_ufunc_reconstruct'],
      ['copyreg', 'add_extension'],
      ['torch.nn.modules.module', 'torch.os.system'],
      ['numpy', 'core.os.system'],
    ])('%s.%s as dangerous', async (module, name) => {
      expect((await findingsIn(callPickle(module, name)))[0]).toMatch(/^MLB-PKL-001 /);
      const imported = assemble(4).stackGlobal(module, name).stop();
      expect((await findingsIn(imported))[0]).toMatch(/^MLB-PKL-002 /);
    });

    it.each([
      ['collections', 'OrderedDict'],
      ['builtins', 'set'],
      ['__builtin__', 'xrange'],
      ['UserDict', 'UserDict'],
      ['numpy.core.multiarray', '_reconstruct'],
      ['numpy._core.multiarray', 'scalar'],
      ['uuid', 'UUID'],
      ['torch._utils', '_rebuild_tensor_v2'],
      ['torch', 'float32'],
      ['torch', 'BFloat16Storage'],
      ['torch.nn.modules.linear', 'Linear'],
      ['sklearn.ensemble._forest', 'RandomForestClassifier'],
      ['sklearn.tree._tree', 'Tree'],
      ['copyreg', '__newobj__'],
      ['datetime', 'datetime'],
      ['decimal', 'Decimal'],
      ['pathlib', 'PosixPath'],
    ])('%s.%s as allowed', async (module, name) => {
      expect(await findingsIn(callPickle(module, name))).toEqual([]);
    });

    it.each([
      ['__main__', 'Net'],
      ['mypackage.models', 'Net'],
      ['torch.nn.functional', 'relu'],
      ['sklearn.utils', 'check_array'],
      ['constructor', 'prototype'],
      ['toString', 'valueOf'],
    ])('%s.%s as unknown', async (module, name) => {
      expect((await findingsIn(callPickle(module, name)))[0]).toMatch(/^MLB-PKL-003 /);
      expect((await findingsIn(assemble(4).stackGlobal(module, name).stop()))[0]).toMatch(/^MLB-PKL-004 /);
    });

    it('getattr by what it is asked for', async () => {
      const get = (module: string, name: string, attribute: string): Uint8Array =>
        assemble(4)
          .stackGlobal('builtins', 'getattr')
          .stackGlobal(module, name)
          .text(attribute)
          .ops('TUPLE2', 'REDUCE')
          .stop();
      expect(await findingsIn(get('collections', 'Counter', 'fromkeys'))).toEqual([
        'MLB-PKL-003 21 builtins.getattr',
      ]);
      for (const bytes of [
        get('collections', 'Counter', '__init__'),
        get('datetime', 'sys', 'modules'),
        get('os', 'path', 'join'),
      ])
        expect(await findingsIn(bytes)).toContain('MLB-PKL-001 21 builtins.getattr');
    });
  });

  it('lists all dangerous names, and no more unknown ones than anybody reads', async () => {
    const many = assemble(4);
    for (let at = 0; at < 600; at++) many.stackGlobal('package', `Class${at}`).ops('POP');
    for (let at = 0; at < 300; at++) many.stackGlobal('os', `call${at}`).ops('POP');
    const found = await findingsIn(many.ops('NONE').stop());
    const count = (rule: string): number => found.filter((it) => it.startsWith(rule)).length;
    expect([count('MLB-PKL-004'), count('MLB-PKL-002'), count('MLB-PKL-011')]).toEqual([
      limits.pickleUnknowns,
      300,
      1,
    ]);
  });

  describe('in constants', () => {
    const payload = Buffer.from(callPickle('os', 'system'));
    const old = Buffer.from(callPickle('posix', 'system', 'id', 0).subarray(2));
    const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    const deep = assemble(4).bytes(assemble(4).bytes(payload).stop()).stop();
    it.each<[string, Uint8Array]>([
      ['as bytes', assemble(4).bytes(payload).stop()],
      ['as bytes of protocol 0', assemble(4).bytes(old).stop()],
      ['as a text of Latin-1', assemble(2).text(payload.toString('latin1')).stop()],
      [
        'as a line with escapes',
        assemble()
          .raw(`S'${[...payload].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'\n`)
          .stop(),
      ],
      ['in base64', assemble(4).text(b64(payload)).stop()],
      ['in base64 for URLs', assemble(4).text(payload.toString('base64url')).stop()],
      ['in hexadecimal', assemble(4).text(payload.toString('hex')).stop()],
      ['compressed', assemble(4).bytes(deflateSync(payload)).stop()],
      [
        'compressed, in base64',
        assemble(4)
          .text(b64(gzipSync(payload)))
          .stop(),
      ],
      [
        'in base64 of base64',
        assemble(4)
          .bytes(Buffer.from(b64(Buffer.from(b64(payload)))))
          .stop(),
      ],
      ['in a pickle in a pickle', deep],
    ])('finds a pickle %s', async (_, bytes) => {
      const found = await findingsIn(bytes);
      expect(found).toEqual([expect.stringMatching(/^MLB-PKL-009 \d+ (?:os|posix)\.system$/)]);
    });

    it('says nothing of harmless pickles and of text', async () => {
      const harmless = assemble(4)
        .ops('MARK')
        .bytes(callPickle('datetime', 'date'))
        .bytes(deflateSync(Buffer.from('text '.repeat(100))))
        .text('gASVabcdefghijklmnopqrstuvwx')
        .text('gANjb3MKc3lzdGVt')
        .text('8004'.repeat(20))
        .ops('TUPLE')
        .stop();
      expect(await findingsIn(harmless)).toEqual([]);
    });

    it('stops at a bomb', async () => {
      const bomb = deflateSync(
        Buffer.concat([Buffer.from('\x80\x04', 'latin1'), Buffer.alloc(40_000_000, 'N')]),
      );
      expect(await findingsIn(assemble(4).bytes(bomb).stop())).toEqual(['MLB-PKL-011']);
    });
  });

  it('hands a PyTorch file in a constant to whoever reads those', async () => {
    const inner = assemble(2).raw('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19').stop();
    const legacy = Buffer.concat([inner, callPickle('os', 'system', 'id', 2)]);
    const load = assemble(4)
      .stackGlobal('torch.storage', '_load_from_bytes')
      .bytes(legacy)
      .ops('TUPLE1', 'REDUCE')
      .stop();
    const { findings } = await walk([memoryEntry('m.pkl', load)], [pickle]);
    expect(findings).toMatchObject([
      { rule: 'MLB-PKL-009', symbol: 'os.system' },
      { rule: 'MLB-PKL-001', member: 'constant-41', symbol: 'os.system' },
    ]);
    const computed = assemble(4)
      .stackGlobal('torch.storage', '_load_from_bytes')
      .stackGlobal('a', 'b')
      .ops('EMPTY_TUPLE', 'REDUCE', 'TUPLE1', 'REDUCE')
      .stop();
    expect(await findingsIn(computed)).toContain('MLB-PKL-001 35 torch.storage._load_from_bytes');
  });

  describe('wants', () => {
    const protocol4 = callPickle('os', 'system');
    const protocol0 = assemble().global('os', 'system').stop();
    it('pickles by their content, whatever their name', () => {
      for (const name of ['model.pkl', 'model.bin', 'weights', 'notes.txt', 'a.pkl.py', 'x.safetensors'])
        expect([wants(name, protocol4), wants(name, protocol0)]).toEqual([true, true]);
    });

    it('other names only where they look like one', () => {
      const odd = assemble().raw('I1\n0').global('os', 'system').stop();
      expect([wants('a.pkl', odd), wants('a.bin', odd), wants('a.txt', odd)]).toEqual([true, true, false]);
      expect(wants('a.pkl', Buffer.from('PK\x03\x04......'))).toBe(false);
      expect(wants('a.joblib', gzipSync(protocol4))).toBe(false);
      expect(wants('a.pkl', Buffer.of())).toBe(false);
    });

    it('and says nothing of text that begins like one', async () => {
      for (const text of ['cat\ndog\nfish\n', 'index\nname\n1,2\n', '(dp0\nx']) {
        expect(await pickle.collect(memoryEntry('words.txt', text))).toMatchObject({
          facts: [],
          findings: [],
          problems: [],
        });
      }
    });

    it('and says of a name that promises one that it is none', async () => {
      const bytes = Buffer.from('encrypted, or something else');
      const { problems } = await walk([memoryEntry('m.pkl', bytes)], [pickle]);
      expect(await findingsIn(bytes)).toEqual(['MLB-PKL-012 0']);
      expect(problems).toMatchObject([{ code: 'pickle-broken', effect: 'incomplete' }]);
    });
  });

  describe('facts', () => {
    it('describe an estimator', async () => {
      const fact = await factOf(pickle, 'classifier.pkl', files['classifier.pkl']);
      expect(fact).toMatchObject({ about: { kind: 'weights' }, type: 'machine-learning-model' });
      expect(valuesOf(fact)).toEqual({
        'mlbom:model:format': 'pickle',
        'mlbom:model:format-version': 'protocol 4',
        'mlbom:model:classes': 'sklearn.linear_model._logistic.LogisticRegression',
        'mlbom:model:producer': 'scikit-learn 1.7.2',
        modelArchitecture: 'LogisticRegression',
      });
    });

    it('describe data as a file', async () => {
      const bytes = Buffer.concat([assemble(3).int(1).stop(), assemble(2).int(2).stop()]);
      const fact = await factOf(pickle, 'cache.p', bytes);
      expect(fact).toMatchObject({ about: { kind: 'file' }, type: 'file' });
      expect(valuesOf(fact)).toEqual({
        'mlbom:file:format': 'pickle',
        'mlbom:file:format-version': 'protocol 3',
        'mlbom:file:header': 'pickles=2',
      });
    });
  });

  it('sees members of archives through the walk', async () => {
    const { findings } = await walk(
      [memoryEntry('m.pkl.gz', gzipSync(callPickle('os', 'system')))],
      fileCollectors,
    );
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'MLB-PKL-001', path: 'm.pkl.gz' }));
  });
});
