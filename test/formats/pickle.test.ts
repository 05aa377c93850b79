import { describe, expect, it } from 'vitest';
import { isPickle } from '../../src/formats/pickle/is-pickle.ts';
import type { Pickle, PickleOptions } from '../../src/formats/pickle/pickle.ts';
import { readPickle } from '../../src/formats/pickle/read-pickle.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { assemble, callPickle, joblibArray } from '../fixtures/pickle-assembler.ts';

/** All kinds of opcodes, in one small pickle. */
const small = joblibArray(
  assemble(4)
    .ops('MARK')
    .stackGlobal('a', 'B')
    .ops('MEMOIZE', 'EMPTY_TUPLE', 'REDUCE')
    .raw("S'x\\x41'\np9\ng9\n"),
  { shape: [2, 2], dtype: 'f4', data: new Uint8Array(16), aligned: true },
)
  .line('\\u20ac')
  .raw('I-7\nL123456789012345678901L\nF1.5\nK\x01M\x02\x01\x8a\x02\xff\x7fG\x3f\xf0\0\0\0\0\0\0')
  .bytes(Buffer.from('bytes'))
  .put(70)
  .get(70)
  .persistentId('p')
  .extension(7, 1)
  .ops('EMPTY_DICT', 'EMPTY_SET', 'EMPTY_LIST', 'DUP', 'APPEND', 'TUPLE')
  .stop();

async function read(bytes: Uint8Array, options?: PickleOptions): Promise<Pickle> {
  return readPickle(memorySource(bytes), options);
}

async function valueOf(bytes: Uint8Array): Promise<unknown> {
  const { values, anomalies } = await read(bytes);
  expect(anomalies).toEqual([]);
  return values[0];
}

async function anomaliesOf(bytes: Uint8Array): Promise<string[]> {
  const { anomalies } = await read(bytes);
  return anomalies.map(({ kind, offset }) => `${kind} ${offset}`);
}

function text(value: string): unknown {
  return { kind: 'text', value };
}

describe('readPickle', () => {
  it('builds the values of every constant', async () => {
    const bytes = assemble(2)
      .ops('MARK', 'NONE', 'NEWTRUE')
      .raw('I01\nI00\nI12\nI-0x10\nL-5L\nL123456789012345678901\nF2.5\nFx\n')
      .raw('K\xffM\xff\xffJ\xff\xff\xff\xffG\xc0\x04\0\0\0\0\0\0')
      .raw('\x8a\0\x8a\x01\xff\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x8b\x02\0\0\0\0\x01')
      .raw("S'a\\n\\x80\\101\"'\nVa\\u20ac\\U0001f999\\x\nU\x02\xe9\xffT\x01\0\0\0b")
      .text('ü')
      .raw('C\x02hi\x97\x98')
      .ops('LIST')
      .stop();
    const value = (await valueOf(bytes)) as { items: unknown[] };
    expect(value.items).toEqual([
      { kind: 'none' },
      { kind: 'bool', value: true },
      { kind: 'bool', value: true },
      { kind: 'bool', value: false },
      { kind: 'int', value: 12 },
      { kind: 'int', value: -16 },
      { kind: 'int', value: -5 },
      { kind: 'int', value: 123456789012345678901n },
      { kind: 'float', value: 2.5 },
      { kind: 'unknown' },
      { kind: 'int', value: 255 },
      { kind: 'int', value: 65_535 },
      { kind: 'int', value: -1 },
      { kind: 'float', value: -2.5 },
      { kind: 'int', value: 0 },
      { kind: 'int', value: -1 },
      { kind: 'int', value: 2n ** 63n - 1n },
      { kind: 'int', value: 256 },
      text('a\n\x80A"'),
      text('a€🦙\\x'),
      text('é\xff'),
      text('b'),
      text('ü'),
      { kind: 'bytes', offset: bytes.length - 6, length: 2, value: Uint8Array.of(104, 105) },
      { kind: 'unknown' },
    ]);
  });

  it('builds containers, shares what the memo holds, and keeps what is put into objects', async () => {
    const bytes = assemble(4)
      .ops('MARK')
      .ops('EMPTY_LIST', 'MEMOIZE', 'MARK')
      .int(1)
      .int(2)
      .ops('APPENDS')
      .get(0)
      .ops('EMPTY_DICT')
      .text('k')
      .int(3)
      .ops('SETITEM')
      .ops('MARK')
      .text('a')
      .int(1)
      .ops('DICT')
      .ops('MARK')
      .int(1)
      .ops('FROZENSET')
      .global('collections', 'OrderedDict')
      .ops('EMPTY_TUPLE', 'REDUCE')
      .text('w')
      .int(9)
      .ops('SETITEM', 'EMPTY_DICT', 'BUILD')
      .ops('TUPLE')
      .stop();
    const value = (await valueOf(bytes)) as { items: unknown[] };
    const int = (n: number): unknown => ({ kind: 'int', value: n });
    expect(value.items).toEqual([
      { kind: 'list', items: [int(1), int(2)] },
      { kind: 'list', items: [int(1), int(2)] },
      { kind: 'dict', entries: [[text('k'), int(3)]] },
      { kind: 'dict', entries: [[text('a'), int(1)]] },
      { kind: 'set', items: [int(1)] },
      {
        kind: 'call',
        callee: { kind: 'global', module: 'collections', name: 'OrderedDict' },
        args: { kind: 'tuple', items: [] },
        entries: [[text('w'), int(9)]],
        state: { kind: 'dict', entries: [] },
      },
    ]);
    expect(value.items[0]).toBe(value.items[1]);
  });

  it('keeps the place alone of what is long', async () => {
    const long = 'x'.repeat(65_537);
    const bytes = assemble(4).text(long).line(long).bytes(Buffer.from(long)).ops('TUPLE3').stop();
    expect(await valueOf(bytes)).toEqual({
      kind: 'tuple',
      items: [
        { ...(text('') as object), unkept: { offset: 7, length: 65_537 } },
        { ...(text('') as object), unkept: { offset: 65_545, length: 65_537 } },
        { kind: 'bytes', offset: 131_088, length: 65_537 },
      ],
    });
  });

  it('does not fetch the bytes of constants that nobody keeps', async () => {
    const head = assemble(5)
      .long(0x8e, 20 * 2 ** 30)
      .toBytes();
    const source = sparseSource(head.length + 20 * 2 ** 30 + 1, [
      { offset: 0, bytes: head },
      { offset: head.length + 20 * 2 ** 30, bytes: Buffer.from('.') },
    ]);
    expect(await readPickle(source)).toMatchObject({
      values: [{ kind: 'bytes', length: 20 * 2 ** 30 }],
      anomalies: [],
    });
    expect(source.bytesRead).toBeLessThan(100_000);
  });

  describe('names', () => {
    const reach = {
      'GLOBAL and REDUCE': assemble(2).global('os', 'system').ops('EMPTY_TUPLE', 'REDUCE').stop(),
      'GLOBAL and NEWOBJ': assemble(2).global('os', 'system').ops('EMPTY_TUPLE', 'NEWOBJ').stop(),
      'GLOBAL and NEWOBJ_EX': assemble(4)
        .global('os', 'system')
        .ops('EMPTY_TUPLE', 'EMPTY_DICT', 'NEWOBJ_EX')
        .stop(),
      'GLOBAL and OBJ': assemble().ops('MARK').global('os', 'system').line('id').ops('OBJ').stop(),
      INST: assemble().ops('MARK').line('id').inst('os', 'system').stop(),
      STACK_GLOBAL: assemble(4).stackGlobal('os', 'system').ops('EMPTY_TUPLE', 'REDUCE').stop(),
    };
    it.each(Object.entries(reach))('are known to be called through %s', async (how, bytes) => {
      const { globals } = await read(bytes);
      expect(globals).toMatchObject([
        { module: 'os', name: 'system', names: 'written', called: true, count: 1 },
      ]);
      expect(globals[0]?.uses[0]?.opcode).toBe(how.split(' ').at(-1)?.replace('STACK_GLOBAL', 'REDUCE'));
    });

    const indirect = {
      'the memo': assemble(4)
        .text('system')
        .ops('MEMOIZE', 'POP')
        .text('os')
        .get(0)
        .ops('STACK_GLOBAL')
        .stop(),
      'the memo, for both': assemble(4)
        .text('os')
        .put(5)
        .ops('POP')
        .text('system')
        .put(9)
        .ops('POP')
        .get(5)
        .get(9)
        .ops('STACK_GLOBAL')
        .stop(),
      'below other values': assemble(4)
        .text('os')
        .text('x')
        .ops('POP')
        .text('system')
        .ops('STACK_GLOBAL')
        .stop(),
      DUP: assemble(4).text('os').ops('DUP', 'POP').text('system').ops('STACK_GLOBAL').stop(),
    };
    it.each(Object.entries(indirect))('are known that come from %s', async (_, bytes) => {
      const { globals } = await read(bytes);
      expect(globals).toMatchObject([{ module: 'os', name: 'system' }]);
    });

    it('say where they come from', async () => {
      const bytes = assemble(4)
        .stackGlobal('a', 'b')
        .ops('POP')
        .text('a')
        .put(1)
        .text('c')
        .ops('STACK_GLOBAL', 'POP')
        .get(1)
        .text('d')
        .ops('STACK_GLOBAL', 'POP')
        .text('a')
        .global('f', 'g')
        .ops('EMPTY_TUPLE', 'REDUCE', 'STACK_GLOBAL', 'POP')
        .int(1)
        .int(2)
        .ops('STACK_GLOBAL', 'POP')
        .stackGlobal('a', 'x'.repeat(2000))
        .stop();
      const { globals } = await read(bytes);
      expect(globals.map(({ module, name, names, offset }) => [module, name, names, offset])).toEqual([
        ['a', 'b', 'written', 8],
        ['a', 'c', 'written', 21],
        ['a', 'd', 'recalled', 31],
        ['f', 'g', 'written', 36],
        ['a', '<dynamic>', 'computed', 43],
        ['<dynamic>', '<dynamic>', 'computed', 55],
      ]);
    });

    it('of extensions are their codes', async () => {
      const bytes = assemble(2).extension(1, 1).extension(300, 2).extension(70_000, 4).ops('TUPLE3').stop();
      const { globals } = await read(bytes);
      expect(globals.map(({ module, name, opcode }) => [module, name, opcode])).toEqual([
        ['<extension>', '1', 'EXT1'],
        ['<extension>', '300', 'EXT2'],
        ['<extension>', '70000', 'EXT4'],
      ]);
    });

    it('are listed once, with what is done to them', async () => {
      const bytes = assemble(2)
        .ops('MARK')
        .global('numpy', 'size')
        .ops('EMPTY_DICT', 'BUILD')
        .global('sys', 'modules')
        .text('os')
        .ops('NONE', 'SETITEM')
        .global('sys', 'path')
        .text('/tmp')
        .ops('APPEND')
        .global('a', 'b')
        .global('a', 'b')
        .ops('TUPLE')
        .stop();
      const { globals } = await read(bytes);
      expect(globals.map(({ name, changed, called, count }) => [name, changed, called, count])).toEqual([
        ['size', true, false, 1],
        ['modules', true, false, 1],
        ['path', true, false, 1],
        ['b', false, false, 2],
      ]);
    });
  });

  it('lists calls of what other calls give', async () => {
    const bytes = assemble(4)
      .stackGlobal('builtins', 'getattr')
      .stackGlobal('os', 'path')
      .text('system')
      .ops('TUPLE2', 'REDUCE')
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop();
    const { indirectCalls, globals } = await read(bytes);
    expect(indirectCalls).toMatchObject([
      { opcode: 'REDUCE', callee: { kind: 'call', callee: { name: 'getattr' } } },
    ]);
    expect(globals.map(({ called }) => called)).toEqual([true, false]);
  });

  it('counts persistent ids, and keeps what they are', async () => {
    const bytes = assemble().persistentId('a').text('b').ops('BINPERSID', 'TUPLE2').stop();
    expect(await read(bytes)).toMatchObject({
      persistentIds: 2,
      values: [
        {
          items: [
            { kind: 'persistent', id: text('a') },
            { kind: 'persistent', id: text('b') },
          ],
        },
      ],
    });
  });

  describe('streams', () => {
    const one = assemble(4).int(1).stop();
    const call = callPickle('os', 'system');

    it('are read one after the other, up to a number', async () => {
      const bytes = Buffer.concat([one, one, one]);
      expect((await read(bytes)).values).toHaveLength(3);
      const two = await read(bytes, { streams: 2 });
      expect([two.values.length, two.end, two.anomalies]).toEqual([2, 16, []]);
      expect((await read(bytes, { at: 8 })).values).toHaveLength(2);
    });

    it('that are broken say what came before, and where the error is', async () => {
      for (const tail of ['\xff', 'R', 'u', '', 'cos\n', '\x8c\x09abc']) {
        const bytes = Buffer.concat([call.subarray(0, -1), Buffer.from(`0${tail}`, 'latin1')]);
        const { globals, values, anomalies } = await read(bytes);
        expect([globals[0]?.name, globals[0]?.called, values]).toEqual(['system', true, []]);
        expect(anomalies.map(({ kind, offset }) => [kind, offset])).toEqual([['broken', call.length]]);
      }
    });

    it('are found again behind an error, and behind other bytes', async () => {
      const broken = Buffer.concat([one.subarray(0, -1), Buffer.from('\xffjunk')]);
      const after = await read(Buffer.concat([broken, call]));
      expect(after.globals.map(({ name }) => name)).toEqual(['system']);
      expect(after.streams.map(({ offset, whole }) => [offset, whole])).toEqual([
        [0, false],
        [broken.length, true],
      ]);
      const apart = await read(Buffer.concat([one, Buffer.alloc(3000), call, Buffer.from('\0\0')]));
      expect(apart.globals.map(({ name }) => name)).toEqual(['system']);
      expect(apart.anomalies.map(({ kind, offset, length }) => [kind, offset, length])).toEqual([
        ['trailing', 8, 3000],
        ['trailing', 8 + 3000 + call.length, 2],
      ]);
    });

    it('are not made of bytes that only look like PROTO', async () => {
      const noise = Buffer.concat(
        Array.from({ length: 50 }, () => Buffer.from('\x80\x04\x93\x80\x02(', 'latin1')),
      );
      expect((await read(Buffer.concat([one, noise]))).streams).toHaveLength(1);
    });
  });

  describe('oddities', () => {
    it.each<[string, string[], Uint8Array]>([
      [
        'a PROTO in the middle, and a second one',
        ['misplaced-proto 7', 'misplaced-proto 9'],
        assemble(4).int(1).proto(2).proto(4).stop(),
      ],
      ['a PROTO that does not exist', ['broken 0'], assemble(6).int(1).stop()],
      ['a frame that ends inside an opcode', ['frame 11'], assemble(4).frame(3).text('abc').stop()],
      ['a frame in a frame', ['frame 11'], assemble(4).frame(11).frame(1).ops('NONE').raw('0N').stop()],
      [
        'a frame beyond the end',
        ['frame 2'],
        assemble(4)
          .frame(2 ** 40)
          .int(1)
          .stop(),
      ],
      [
        'a STOP before the end of a frame',
        ['frame 12', 'trailing 13'],
        assemble(4).frame(9).ops('NONE').raw('.').raw('\0\0\0\0\0\0\0').toBytes(),
      ],
      ['a value that was never stored', ['broken 2'], assemble(4).get(5).stop()],
      [
        'a memo index of 4 GB',
        ['memo-bomb 3'],
        assemble(4)
          .ops('NONE')
          .put(2 ** 32 - 1)
          .stop(),
      ],
      ['a mark that is missing', ['broken 2'], assemble(4).ops('APPENDS').stop()],
      ['values below a mark', ['broken 4'], assemble(4).ops('NONE', 'MARK', 'DUP').stop()],
      [
        'a key without a value',
        ['broken 5'],
        assemble(4).ops('EMPTY_DICT', 'MARK', 'NONE', 'SETITEMS').stop(),
      ],
      [
        'a length beyond the end',
        ['broken 2'],
        assemble(4)
          .long(0x8e, 2n ** 64n - 1n)
          .stop(),
      ],
      ['a negative length', ['broken 2'], assemble(2).raw('\x8b\xff\xff\xff\xff').stop()],
      ['an empty file', ['broken 0'], new Uint8Array()],
    ])('are seen: %s', async (_, expected, bytes) => {
      expect(await anomaliesOf(bytes)).toEqual(expected);
    });

    it('are seen in tuples of the same tuples, which take nothing here', async () => {
      const bomb = assemble(4).ops('EMPTY_TUPLE');
      for (let level = 0; level < 2000; level++) bomb.ops('DUP', 'TUPLE2');
      expect((await anomaliesOf(bomb.stop()))[0]).toMatch(/^expansion /);
      const lists = assemble(4).ops('EMPTY_LIST').put(0);
      for (let level = 1; level < 100; level++)
        lists
          .ops('EMPTY_LIST')
          .put(level)
          .ops('MARK')
          .get(level - 1)
          .get(level - 1)
          .ops('APPENDS');
      expect((await anomaliesOf(lists.stop()))[0]).toMatch(/^expansion /);
    });

    it('are not seen in a list that holds itself', async () => {
      expect(await anomaliesOf(assemble(4).ops('EMPTY_LIST', 'DUP', 'APPEND').stop())).toEqual([]);
    });
  });

  it('takes a mark away with POP, as CPython does', async () => {
    expect(await valueOf(assemble(2).int(1).ops('MARK', 'POP').stop())).toEqual({ kind: 'int', value: 1 });
  });

  describe('arrays of joblib', () => {
    it.each([false, true])('are stepped over, aligned %s', async (aligned) => {
      const array = { shape: [3], dtype: 'f4', data: Buffer.from('.'.repeat(12)), aligned };
      const pickle = await read(joblibArray(assemble(3), array).int(7).ops('TUPLE2').stop());
      expect(pickle).toMatchObject({ values: [{ items: [{ kind: 'call' }, { value: 7 }] }], anomalies: [] });
      expect(pickle.arrays.map(({ length }) => length)).toEqual([aligned ? 16 : 12]);
    });

    it('of objects are pickles of their own', async () => {
      const inner = callPickle('os', 'system');
      const bytes = joblibArray(assemble(3), { shape: [1], dtype: 'O8', data: inner }).stop();
      const { globals, anomalies, streams } = await read(bytes);
      expect(globals.find(({ name }) => name === 'system')?.called).toBe(true);
      expect([anomalies, streams.length]).toEqual([[], 1]);
    });

    it('are read as opcodes as well, as pickle.load does', async () => {
      const hidden = assemble().global('os', 'system').text('id').ops('TUPLE1', 'REDUCE').stop();
      const bytes = joblibArray(assemble(3), { shape: [hidden.length], dtype: 'u1', data: hidden }).stop();
      const { globals, anomalies } = await read(bytes);
      expect(globals.at(-1)).toMatchObject({ module: 'os', name: 'system', called: true });
      expect(anomalies).toMatchObject([{ kind: 'divergent' }]);
    });

    it('of an unknown size end the reading', async () => {
      const array = { shape: [-1], dtype: 'f4', data: new Uint8Array() };
      expect((await read(joblibArray(assemble(3), array).stop())).anomalies.at(-1)?.kind).toBe('broken');
      const past = { shape: [2 ** 31 - 1, 2 ** 31 - 1], dtype: 'f8', data: new Uint8Array() };
      expect((await read(joblibArray(assemble(3), past).stop())).anomalies.at(-1)?.kind).toBe('broken');
    });
  });

  it('offers every constant to who wants to keep one', async () => {
    const heads: string[] = [];
    const keeps = (head: Uint8Array): boolean => {
      heads.push(Buffer.from(head).toString());
      return head.length > 2;
    };
    const bytes = assemble(4)
      .text('ab')
      .bytes(Buffer.from('x'.repeat(100)))
      .line('long')
      .ops('TUPLE3')
      .stop();
    const { constants } = await read(bytes, { keeps });
    expect(heads).toEqual(['ab', 'x'.repeat(64), 'long']);
    expect(constants).toEqual([
      { kind: 'bytes', offset: 11, length: 100 },
      { kind: 'text', offset: 112, length: 4, escapes: 'unicode' },
    ]);
  });

  survivesHostileBytes(async (source) => readPickle(source), small, { refusesEveryTruncation: false });
});

describe('isPickle', () => {
  it.each([
    callPickle('os', 'system'),
    callPickle('os', 'system', 'id', 2),
    assemble().global('os', 'system').stop(),
    assemble().ops('MARK').inst('os', 'system').stop(),
    assemble().ops('MARK').global('os', 'system').stop(),
    Buffer.from('(dp0\n.'),
    Buffer.from(']q\0.'),
    Buffer.from('I42\n.'),
    Buffer.from("S'text'\np0\n."),
    Buffer.from('N.'),
    Buffer.from('(F1.5\nF2\nt.'),
  ])('knows %s', (bytes) => {
    expect(isPickle(bytes)).toBe(true);
  });

  it.each([
    '',
    '\x80',
    '\x80\x06N',
    '\x80\x02\0',
    'PK\x03\x04',
    '# A title\n',
    '{"a":1}',
    'cat',
    'Nothing.',
    'import os\n',
    '(a)\n',
  ])('does not take %j for one', (text) => {
    expect(isPickle(Buffer.from(text, 'latin1'))).toBe(false);
  });
});
