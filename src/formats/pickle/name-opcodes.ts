import { limits } from '../../core/limits.ts';
import { readLine, shortLine, utf8, type Line } from './arguments.ts';
import { joblibArrayAfter } from './joblib-array.ts';
import { nameOf } from './machine.ts';
import { PickleError } from './pickle-error.ts';
import { readJoblibArray } from './read-joblib-array.ts';
import {
  argument,
  call,
  importName,
  lineText,
  now,
  oddity,
  popped,
  use,
  type Opcodes,
  type StreamState,
} from './stream-state.ts';
import { dynamicName, extensionModule, type PickleValue } from './value.ts';

/** Opcodes that import a name, call it, or speak of things outside; and those of the stream itself. */
export const nameOpcodes: Opcodes = {
  // GLOBAL, STACK_GLOBAL
  0x63: (state) => {
    const value = shortGlobal(state);
    if (!value) return longGlobal(state);
    state.machine.push(value);
    return undefined;
  },
  0x93: now((state) => {
    state.machine.push(stackGlobal(state));
  }),
  // EXT1, EXT2, EXT4
  0x82: now((state) => {
    extension(state, 'EXT1', argument(state, 1).u8());
  }),
  0x83: now((state) => {
    extension(state, 'EXT2', argument(state, 2).u16());
  }),
  0x84: now((state) => {
    extension(state, 'EXT4', argument(state, 4).i32());
  }),
  // PERSID, BINPERSID
  0x50: async (state) => {
    persistent(state, { kind: 'text', value: lineText(await readLine(state.file.window)) });
  },
  0x51: now((state) => {
    persistent(state, state.machine.pop());
  }),

  // REDUCE, NEWOBJ, NEWOBJ_EX
  0x52: now((state) => {
    const [callee, args] = popped(state, 2);
    call(state, 'REDUCE', callee, args);
  }),
  0x81: now((state) => {
    const [callee, args] = popped(state, 2);
    call(state, 'NEWOBJ', callee, args);
  }),
  0x92: now((state) => {
    const [callee, ...args] = popped(state, 3);
    call(state, 'NEWOBJ_EX', callee, state.machine.container('tuple', args));
  }),
  // OBJ, INST
  0x6f: now((state) => {
    const [callee, ...args] = state.machine.popToMark();
    call(state, 'OBJ', callee, state.machine.container('tuple', args));
  }),
  0x69: async (state) => {
    const callee = await globalLines(state, 'INST');
    call(state, 'INST', callee, state.machine.container('tuple', state.machine.popToMark()));
  },
  // BUILD
  0x62: build,

  // PROTO, FRAME
  0x80: now((state) => {
    proto(state, argument(state, 1).u8());
  }),
  0x95: now((state) => {
    const length = argument(state, 8).length64();
    const wrong = state.frames.open(state.file.window.position, length);
    if (wrong !== undefined) oddity(state, 'frame', wrong);
  }),
};

const highestProtocol = 5;

/** Nearly all names lie in the window: a promise for each would take most of the time. */
function shortGlobal(state: StreamState): PickleValue | undefined {
  const { window } = state.file;
  const { position } = window;
  const module = shortLine(window);
  const name = module === undefined ? undefined : shortLine(window);
  if (module !== undefined && name !== undefined)
    return importName(state, { module, name, opcode: 'GLOBAL', names: 'written' });
  window.seek(position);
  return undefined;
}

async function longGlobal(state: StreamState): Promise<void> {
  state.machine.push(await globalLines(state, 'GLOBAL'));
}

async function globalLines(state: StreamState, opcode: 'GLOBAL' | 'INST'): Promise<PickleValue> {
  const module = lineName(await readLine(state.file.window));
  const name = lineName(await readLine(state.file.window));
  const names = module === dynamicName || name === dynamicName ? 'computed' : 'written';
  return importName(state, { module, name, opcode, names });
}

/** A line of kilobytes is no name. */
function lineName({ bytes, length }: Line): string {
  return bytes && length <= limits.pickleNameBytes ? utf8(bytes) : dynamicName;
}

function stackGlobal(state: StreamState): PickleValue {
  const [first, second] = popped(state, 2);
  const module = nameOf(first) ?? dynamicName;
  const name = nameOf(second) ?? dynamicName;
  const written = state.written[0] === first && state.written[1] === second;
  const names =
    module === dynamicName || name === dynamicName ? 'computed' : written ? 'written' : 'recalled';
  return importName(state, { module, name, opcode: 'STACK_GLOBAL', names });
}

function extension(state: StreamState, opcode: 'EXT1' | 'EXT2' | 'EXT4', code: number): void {
  if (code <= 0) throw new PickleError(`${code} is no extension code`);
  state.machine.push(
    importName(state, { module: extensionModule, name: String(code), opcode, names: 'written' }),
  );
}

function persistent({ scan, machine }: StreamState, id: PickleValue): void {
  scan.persistentIds++;
  machine.push({ kind: 'persistent', id });
}

function build(state: StreamState): Promise<void> | undefined {
  const { file, machine } = state;
  const value = machine.pop();
  const target = machine.top();
  machine.setState(target, value);
  use(state, 'BUILD', target, value);
  const array = file.joblib ? joblibArrayAfter(target) : undefined;
  return array && readJoblibArray(state, array);
}

function proto(state: StreamState, version: number): void {
  if (version > highestProtocol) throw new PickleError(`protocol ${version} does not exist`);
  if (state.offset === state.start) state.protocol = version;
  else oddity(state, 'misplaced-proto', `PROTO ${version} stands inside a pickle`);
}
