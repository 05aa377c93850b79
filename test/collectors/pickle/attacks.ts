import { assemble, callPickle, joblibArray } from '../../fixtures/pickle-assembler.ts';

/** An attack that is known, or a trick to hide one, as our own assembler writes it. */
export interface Attack {
  readonly bytes: Uint8Array;
  /** Findings: rule, offset, symbol. */
  readonly expected: readonly string[];
}

const system = callPickle('os', 'system');
const payload = Buffer.from(system);

function bomb(): Uint8Array {
  const assembler = assemble(4).ops('EMPTY_TUPLE');
  for (let level = 0; level < 100; level++) assembler.ops('DUP', 'TUPLE2');
  return assembler.stop();
}

/** Every kind of attack that got past a scanner once, by what it does; the bytes do nothing but call `id`. */
export const attacks: Readonly<Record<string, Attack>> = {
  'os.system by REDUCE': { bytes: system, expected: ['MLB-PKL-001 14 os.system'] },
  'a module that was not listed: pip (CVE-2025-1716)': {
    bytes: callPickle('pip', 'main'),
    expected: ['MLB-PKL-001 13 pip.main'],
  },
  'a submodule of a blocked module (CVE-2025-10157)': {
    bytes: callPickle('asyncio.unix_events', '_UnixSubprocessTransport._start'),
    expected: ['MLB-PKL-001 56 asyncio.unix_events._UnixSubprocessTransport._start'],
  },
  'uuid (CVE-2026-56315)': {
    bytes: callPickle('uuid', '_get_command_stdout'),
    expected: ['MLB-PKL-001 29 uuid._get_command_stdout'],
  },
  'imaplib (CVE-2026-56315)': {
    bytes: callPickle('imaplib', 'IMAP4_stream'),
    expected: ['MLB-PKL-001 25 imaplib.IMAP4_stream'],
  },
  '_osx_support (CVE-2026-56315)': {
    bytes: callPickle('_osx_support', '_read_output'),
    expected: ['MLB-PKL-001 30 _osx_support._read_output'],
  },
  '_aix_support (CVE-2026-56315)': {
    bytes: callPickle('_aix_support', '_read_cmd_output'),
    expected: ['MLB-PKL-001 34 _aix_support._read_cmd_output'],
  },
  '_pyrepl (CVE-2026-56315)': {
    bytes: callPickle('_pyrepl.pager', 'pipe_pager'),
    expected: ['MLB-PKL-001 29 _pyrepl.pager.pipe_pager'],
  },
  'a module nobody has heard of': {
    bytes: callPickle('made_up_helpers', 'run'),
    expected: ['MLB-PKL-003 24 made_up_helpers.run'],
  },
  'a payload before a broken stream (nullifAI)': {
    bytes: Buffer.concat([system.subarray(0, -1), Buffer.from('X\xff\xff\xff\xff', 'latin1')]),
    expected: ['MLB-PKL-001 14 os.system', 'MLB-PKL-010 21'],
  },
  'a payload behind a broken stream': {
    bytes: Buffer.concat([assemble(4).raw('\xff').toBytes(), system]),
    expected: ['MLB-PKL-001 17 os.system', 'MLB-PKL-010 2'],
  },
  'a payload in a second pickle': {
    bytes: Buffer.concat([assemble(4).int(1).stop(), system]),
    expected: ['MLB-PKL-001 22 os.system'],
  },
  'eval by BUILD on an imported name (modelscan issue 330)': {
    bytes: assemble(4)
      .stackGlobal('numpy', 'size')
      .stackGlobal('numpy', '__builtins__')
      .ops('NONE', 'EMPTY_DICT')
      .text('eval')
      .text('x')
      .ops('SETITEM', 'TUPLE2', 'BUILD', 'BUILD')
      .stop(),
    expected: [
      'MLB-PKL-004 15 numpy.size',
      'MLB-PKL-007 15 numpy.size',
      'MLB-PKL-002 37 numpy.__builtins__',
      'MLB-PKL-007 37 numpy.__builtins__',
    ],
  },
  '__setstate__ by BUILD': {
    bytes: assemble(4)
      .stackGlobal('collections', 'OrderedDict')
      .ops('EMPTY_TUPLE', 'NEWOBJ', 'EMPTY_DICT')
      .text('__setstate__')
      .stackGlobal('os', 'system')
      .ops('SETITEM', 'BUILD')
      .text('id')
      .ops('BUILD')
      .stop(),
    expected: ['MLB-PKL-002 58 os.system', 'MLB-PKL-008 60 __setstate__'],
  },
  'a change of sys.modules': {
    bytes: assemble(2).global('sys', 'modules').text('os').ops('NONE', 'SETITEM').stop(),
    expected: ['MLB-PKL-002 2 sys.modules', 'MLB-PKL-007 2 sys.modules'],
  },
  INST: {
    bytes: assemble().ops('MARK').line('id').inst('os', 'system').stop(),
    expected: ['MLB-PKL-001 5 os.system'],
  },
  OBJ: {
    bytes: assemble().ops('MARK').global('os', 'system').line('id').ops('OBJ').stop(),
    expected: ['MLB-PKL-001 1 os.system'],
  },
  NEWOBJ: {
    bytes: assemble(2).global('subprocess', 'Popen').text('id').ops('TUPLE1', 'NEWOBJ').stop(),
    expected: ['MLB-PKL-001 2 subprocess.Popen'],
  },
  NEWOBJ_EX: {
    bytes: assemble(4)
      .global('subprocess', 'Popen')
      .text('id')
      .ops('TUPLE1', 'EMPTY_DICT', 'NEWOBJ_EX')
      .stop(),
    expected: ['MLB-PKL-001 2 subprocess.Popen'],
  },
  'STACK_GLOBAL over the memo': {
    bytes: assemble(4)
      .text('system')
      .put(7)
      .ops('POP')
      .text('os')
      .put(8)
      .ops('POP')
      .text('decoy')
      .ops('POP')
      .get(8)
      .get(7)
      .ops('STACK_GLOBAL')
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop(),
    expected: ['MLB-PKL-001 44 os.system'],
  },
  'STACK_GLOBAL over DUP and POP': {
    bytes: assemble(4)
      .text('posix')
      .text('OrderedDict')
      .ops('DUP', 'POP', 'POP')
      .text('system')
      .ops('STACK_GLOBAL')
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop(),
    expected: ['MLB-PKL-001 33 posix.system'],
  },
  'STACK_GLOBAL over a computed name': {
    bytes: assemble(4)
      .text('os')
      .stackGlobal('_codecs', 'encode')
      .text('flfgrz')
      .text('rot13')
      .ops('TUPLE2', 'REDUCE', 'STACK_GLOBAL')
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop(),
    expected: ['MLB-PKL-005 41 os.<dynamic>'],
  },
  'an extension code': {
    bytes: assemble(2).extension(240, 1).text('id').ops('TUPLE1', 'REDUCE').stop(),
    expected: ['MLB-PKL-005 2 <extension>.240'],
  },
  'an extension code of two bytes, registered by the pickle': {
    bytes: assemble(2)
      .global('copyreg', 'add_extension')
      .text('os')
      .text('system')
      .int(999)
      .ops('TUPLE3', 'REDUCE', 'POP')
      .extension(999, 2)
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop(),
    expected: ['MLB-PKL-001 2 copyreg.add_extension', 'MLB-PKL-005 45 <extension>.999'],
  },
  'an extension code of four bytes': {
    bytes: assemble(2).extension(70_000, 4).stop(),
    expected: ['MLB-PKL-006 2 <extension>.70000'],
  },
  'a call of what getattr gives': {
    bytes: assemble(4)
      .stackGlobal('builtins', 'getattr')
      .stackGlobal('torch', 'os')
      .text('system')
      .ops('TUPLE2', 'REDUCE')
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop(),
    expected: [
      'MLB-PKL-001 21 builtins.getattr',
      'MLB-PKL-002 33 torch.os',
      "MLB-PKL-005 49 what builtins.getattr gives for torch.os, 'system'",
    ],
  },
  'a class by a persistent id of the legacy format': {
    bytes: assemble(2)
      .ops('MARK')
      .text('module')
      .global('os', 'system')
      .ops('NONE', 'NONE', 'TUPLE', 'BINPERSID')
      .text('id')
      .ops('TUPLE1', 'REDUCE')
      .stop(),
    expected: ['MLB-PKL-001 11 os.system'],
  },
  'a call of a persistent id': {
    bytes: assemble().persistentId('os.system').line('id').ops('TUPLE1', 'REDUCE').stop(),
    expected: ['MLB-PKL-005 16 a thing of kind persistent'],
  },
  'a dotted name': {
    bytes: callPickle('numpy', 'core.multiarray.os.system'),
    expected: ['MLB-PKL-001 36 numpy.core.multiarray.os.system'],
  },
  'a pickle in a constant': {
    bytes: assemble(4).bytes(payload).stop(),
    expected: ['MLB-PKL-009 7 os.system'],
  },
  'a pickle in a constant, in base64': {
    bytes: assemble(4).text(payload.toString('base64')).stop(),
    expected: ['MLB-PKL-009 4 os.system'],
  },
  'a pickle in a constant, in hexadecimal': {
    bytes: assemble(4).text(payload.toString('hex')).stop(),
    expected: ['MLB-PKL-009 4 os.system'],
  },
  'opcodes in an array of joblib': {
    bytes: joblibArray(assemble(3), {
      shape: [18],
      dtype: 'u1',
      data: assemble().global('os', 'system').text('id').ops('TUPLE1', 'REDUCE').stop(),
    }).stop(),
    expected: ['MLB-PKL-001 137 os.system', 'MLB-PKL-015 137'],
  },
  'a pickle as an array of objects of joblib': {
    bytes: joblibArray(assemble(3), { shape: [1], dtype: 'O', data: system }).stop(),
    expected: ['MLB-PKL-001 150 os.system'],
  },
  'a frame that ends inside an opcode': {
    bytes: assemble(4).frame(6).global('os', 'system').text('id').ops('TUPLE1', 'REDUCE').stop(),
    expected: ['MLB-PKL-001 11 os.system', 'MLB-PKL-014 11'],
  },
  'a memo index of 4 GB': {
    bytes: assemble(4)
      .ops('NONE')
      .put(2 ** 32 - 1)
      .stop(),
    expected: ['MLB-PKL-013 3'],
  },
  'a billion laughs': { bytes: bomb(), expected: ['MLB-PKL-013 82'] },
  'a second PROTO': {
    bytes: assemble(4).int(1).proto(4).stop(),
    expected: ['MLB-PKL-016 7'],
  },
  'bytes after the last pickle': {
    bytes: Buffer.concat([assemble(4).int(1).stop(), Buffer.from('more')]),
    expected: ['MLB-PKL-017 8'],
  },
};
