import { limits } from '../../core/limits.ts';
import { parseIndex, readLine } from './arguments.ts';
import { constants } from './machine.ts';
import type { PickleUseOpcode } from './pickle.ts';
import { argument, now, oddity, popped, use, type Opcodes, type StreamState } from './stream-state.ts';
import type { PickleValue } from './value.ts';

/** Opcodes of the stack, the memo and the containers. */
export const containerOpcodes: Opcodes = {
  // MARK, POP, POP_MARK, DUP
  0x28: now(({ machine }) => {
    machine.mark();
  }),
  0x30: now(({ machine }) => {
    machine.discard();
  }),
  0x31: now(({ machine }) => {
    machine.popToMark();
  }),
  0x32: now(({ machine }) => {
    machine.push(machine.top());
  }),

  // EMPTY_LIST, EMPTY_TUPLE, EMPTY_DICT, EMPTY_SET
  0x5d: now(({ machine }) => {
    machine.push({ kind: 'list', items: [] });
  }),
  0x29: now(({ machine }) => {
    machine.push({ kind: 'tuple', items: [] });
  }),
  0x7d: now(({ machine }) => {
    machine.push({ kind: 'dict', entries: [] });
  }),
  0x8f: now(({ machine }) => {
    machine.push({ kind: 'set', items: [] });
  }),
  // LIST, TUPLE, FROZENSET, DICT
  0x6c: now(({ machine }) => {
    machine.push(machine.container('list', machine.popToMark()));
  }),
  0x74: now(({ machine }) => {
    machine.push(machine.container('tuple', machine.popToMark()));
  }),
  0x91: now(({ machine }) => {
    machine.push(machine.container('set', machine.popToMark()));
  }),
  0x64: now(({ machine }) => {
    machine.push(machine.dict(machine.pairs(machine.popToMark())));
  }),
  // TUPLE1, TUPLE2, TUPLE3
  0x85: now((state) => {
    state.machine.push(state.machine.container('tuple', popped(state, 1)));
  }),
  0x86: now((state) => {
    state.machine.push(state.machine.container('tuple', popped(state, 2)));
  }),
  0x87: now((state) => {
    state.machine.push(state.machine.container('tuple', popped(state, 3)));
  }),

  // APPEND, APPENDS, ADDITEMS
  0x61: now((state) => {
    append(state, 'APPEND', popped(state, 1));
  }),
  0x65: now((state) => {
    append(state, 'APPENDS', state.machine.popToMark());
  }),
  0x90: now((state) => {
    append(state, 'ADDITEMS', state.machine.popToMark());
  }),
  // SETITEM, SETITEMS
  0x73: now((state) => {
    setItems(state, 'SETITEM', popped(state, 2));
  }),
  0x75: now((state) => {
    setItems(state, 'SETITEMS', state.machine.popToMark());
  }),

  // GET, BINGET, LONG_BINGET
  0x67: async (state) => {
    get(state, parseIndex(await readLine(state.file.window)));
  },
  0x68: now((state) => {
    get(state, argument(state, 1).u8());
  }),
  0x6a: now((state) => {
    get(state, argument(state, 4).u32());
  }),
  // PUT, BINPUT, LONG_BINPUT, MEMOIZE
  0x70: async (state) => {
    put(state, parseIndex(await readLine(state.file.window)));
  },
  0x71: now((state) => {
    put(state, argument(state, 1).u8());
  }),
  0x72: now((state) => {
    put(state, argument(state, 4).u32());
  }),
  0x94: now(({ machine }) => {
    machine.put(machine.memoSize);
  }),
};

function append(state: StreamState, opcode: PickleUseOpcode, items: PickleValue[]): void {
  const target = state.machine.top();
  state.machine.append(target, items);
  if (target.kind === 'global') use(state, opcode, target, { kind: 'list', items: items.slice(0, shown) });
}

function setItems(state: StreamState, opcode: PickleUseOpcode, items: PickleValue[]): void {
  const pairs = state.machine.pairs(items);
  const target = state.machine.top();
  state.machine.setItems(target, pairs);
  if (target.kind === 'global') use(state, opcode, target, { kind: 'dict', entries: pairs.slice(0, shown) });
}

/** CPython ends here with an error; unpicklers that are used twice keep their memo, so that reading goes on. */
function get(state: StreamState, index: number | undefined): void {
  if (index === undefined) {
    oddity(state, 'broken', notANumber);
    state.machine.push(constants.unknown);
    return;
  }
  const value = state.machine.get(index);
  if (value === undefined) oddity(state, 'broken', `nothing was stored as ${index}`);
  state.machine.push(value ?? constants.unknown);
}

function put(state: StreamState, index: number | undefined): void {
  const { machine } = state;
  if (index === undefined) {
    // Python ends here, unless it reads numbers in a way that this tool does not know.
    oddity(state, 'broken', notANumber);
    return;
  }
  if (index >= limits.pickleMemoIndex && index > 4 * machine.memoSize)
    oddity(state, 'memo-bomb', `a value is stored as ${index}, for which a table is allocated`);
  machine.put(index);
}

const notANumber = 'a memo index is no number';
/** Items of a use that are kept with it. */
const shown = 64;
