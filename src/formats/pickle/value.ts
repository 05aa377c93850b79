import type { ByteRange } from '../../core/entry.ts';

/**
 * What a pickle would build, without building it: names are not resolved and nothing is called.
 * Values are shared where the pickle shares them, and may contain themselves: follow them with a limit and a set of
 * those seen. A container of a pickle beyond `limits.pickleValues` lacks its later items.
 */
export type PickleValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** A `bigint` beyond 2^53. */
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | PickleText
  | PickleBytes
  | PickleGlobalName
  | PickleCall
  /** A thing outside the pickle, by the id that the loader's `persistent_load` gets. */
  | { readonly kind: 'persistent'; readonly id: PickleValue }
  | PickleItems
  | PickleDict
  /** An extension code's object, an out-of-band buffer, a number too long to read. */
  | { readonly kind: 'unknown' };

/** A text; Python 2 strings of bytes too, one character for each byte. */
export interface PickleText {
  readonly kind: 'text';
  /** Empty where it is not kept. */
  readonly value: string;
  /** Where a text that is too long to be kept lies, as encoded there. */
  readonly unkept?: ByteRange;
}

export interface PickleBytes {
  readonly kind: 'bytes';
  /** Where they lie in the source. */
  readonly offset: number;
  readonly length: number;
  /** Absent where they are too many to be kept. */
  readonly value?: Uint8Array;
}

/** A name that unpickling imports: `module.name`; {@link dynamicName} for a part that the pickle computes. */
export interface PickleGlobalName {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}

/** Stands for a name that no constant of the pickle gives. */
export const dynamicName = '<dynamic>';

/** Stands for the module of an extension code (EXT1, EXT2, EXT4); the name is the code. */
export const extensionModule = '<extension>';

/** What a call gives: REDUCE, INST, OBJ, NEWOBJ, NEWOBJ_EX. */
export interface PickleCall {
  readonly kind: 'call';
  readonly callee: PickleValue;
  /** The arguments: as a rule a tuple; a tuple of the positional ones and a dict of the named ones for NEWOBJ_EX. */
  readonly args: PickleValue;
  /** What BUILD gave it last: as a rule the dict of its attributes. */
  readonly state?: PickleValue;
  /** What APPEND(S) and ADDITEMS put into it. */
  readonly items?: readonly PickleValue[];
  /** What SETITEM(S) put into it. */
  readonly entries?: readonly (readonly [PickleValue, PickleValue])[];
}

export interface PickleItems {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly items: readonly PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: readonly (readonly [PickleValue, PickleValue])[];
}
