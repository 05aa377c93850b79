import type { ByteRange } from '../../core/entry.ts';
import type { PickleValue } from './value.ts';

/** What one or several pickles, one after the other, hold. */
export interface Pickle {
  /** What each whole stream (from its start to its STOP) gives, in order. */
  readonly values: readonly PickleValue[];
  readonly streams: readonly PickleStream[];
  /** The offset after the last byte that was read as part of a stream. */
  readonly end: number;
  /** Every name that is imported, once each, in the order in which they come first. */
  readonly globals: readonly PickleGlobal[];
  /** Calls of something else than a global: of what another call or the loader gave. */
  readonly indirectCalls: readonly PickleUse[];
  /** Constants that `PickleOptions.keeps` asked for. */
  readonly constants: readonly PickleConstant[];
  /** Arrays that joblib put between the opcodes. */
  readonly arrays: readonly ByteRange[];
  readonly persistentIds: number;
  readonly anomalies: readonly PickleAnomaly[];
}

export interface PickleStream {
  readonly offset: number;
  readonly end: number;
  /** As PROTO says; 0 without one. */
  readonly protocol: number;
  /** False when it ended in an error, so that what came before it was run and nothing after it. */
  readonly whole: boolean;
}

/** A name that unpickling imports. */
export interface PickleGlobal {
  readonly module: string;
  readonly name: string;
  /** Of the first opcode that imports it. */
  readonly offset: number;
  /** Bytes of that opcode with its argument. */
  readonly length: number;
  readonly opcode: 'GLOBAL' | 'STACK_GLOBAL' | 'INST' | 'EXT1' | 'EXT2' | 'EXT4';
  /** How STACK_GLOBAL came by its names: written just before, from the memo or the stack, or no constants at all. */
  readonly names: 'written' | 'recalled' | 'computed';
  /** Times that it is imported. */
  readonly count: number;
  /** What is done with it; the first few. */
  readonly uses: readonly PickleUse[];
  /** True when any opcode calls it, listed in `uses` or not. */
  readonly called: boolean;
  /** True when any opcode changes the thing itself: BUILD, SETITEM, APPEND and their like on a bare global. */
  readonly changed: boolean;
}

export type PickleUseOpcode =
  | 'REDUCE'
  | 'INST'
  | 'OBJ'
  | 'NEWOBJ'
  | 'NEWOBJ_EX'
  | 'BUILD'
  | 'SETITEM'
  | 'SETITEMS'
  | 'APPEND'
  | 'APPENDS'
  | 'ADDITEMS';

export interface PickleUse {
  readonly opcode: PickleUseOpcode;
  readonly offset: number;
  readonly callee: PickleValue;
  /** The arguments or the state. */
  readonly args: PickleValue;
}

/** A constant of bytes or text, by where it lies. */
export interface PickleConstant extends ByteRange {
  readonly kind: 'bytes' | 'text';
  /** The backslash escapes that protocol 0 writes it with. */
  readonly escapes?: 'string' | 'unicode';
}

export type PickleAnomalyKind =
  /** An error on which unpickling ends; what came before has run. */
  | 'broken'
  /** A PROTO that is not the first opcode, or a second one. */
  | 'misplaced-proto'
  /** A frame whose end lies inside an opcode, inside another frame or beyond the file. */
  | 'frame'
  /** Bytes after the last STOP that are no pickle. */
  | 'trailing'
  /** A memo index so large that the C unpickler would ask for gigabytes. */
  | 'memo-bomb'
  /** Tuples of the same tuples: small here, endless to hash, compare or print. */
  | 'expansion'
  /** Another loader would see other opcodes in the same bytes. */
  | 'divergent'
  /** A limit of ours: the rest was not looked at. */
  | 'limit';

export interface PickleAnomaly {
  readonly kind: PickleAnomalyKind;
  readonly offset: number;
  readonly length?: number;
  readonly message: string;
}

export interface PickleOptions {
  /** Offset of the first opcode; 0 when absent. */
  readonly at?: number;
  /** Streams to read at most: 5 of a legacy PyTorch file, 1 where something else follows. */
  readonly streams?: number;
  /** False to end with the first pickle that is broken, or with bytes that are none. */
  readonly search?: boolean;
  /** Of which constants to keep the place, by their first bytes (at most 64) as they stand in the file. */
  readonly keeps?: (head: Uint8Array, length: number) => boolean;
  /**
   * Sees every call and every BUILD as it comes, also those beyond the ones that are listed, and some in bytes that
   * turn out to be no pickle. What it is given may grow later.
   */
  readonly watch?: (use: PickleUse) => void;
}
