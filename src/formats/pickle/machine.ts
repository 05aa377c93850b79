import { limits } from '../../core/limits.ts';
import { PickleError, PickleLimit } from './pickle-error.ts';
import type { PickleValue } from './value.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Pair = readonly [PickleValue, PickleValue];

/** Counts down over all pickles of one file. */
export interface PickleBudget {
  opcodes: number;
  /** Items that containers may still keep. */
  values: number;
  /** Bytes that may still be searched for another pickle. */
  searched: number;
  /** Bytes of constants that may still be kept. */
  text: number;
}

/**
 * The stack, the marks and the memo of one pickle, with the rules of CPython's `_pickle.c`:
 * nothing below the last mark can be reached, and MEMOIZE takes the number of entries as its index.
 */
export class PickleMachine {
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  /** The memo as far as its indices count up from 0, as they do in practice, and the rest of it. */
  readonly #memo: PickleValue[] = [];
  readonly #sparse = new Map<number, PickleValue>();
  readonly #budget: PickleBudget;
  /** Nodes of containers that are more than they look. */
  readonly #weights = new WeakMap<PickleValue, number>();
  /** The heaviest container so far. */
  heaviest = 0;

  constructor(budget: PickleBudget) {
    this.#budget = budget;
  }

  get memoSize(): number {
    return this.#memo.length + this.#sparse.size;
  }

  /** @throws PickleLimit */
  push(value: PickleValue): void {
    if (this.#stack.length >= limits.pickleStack) throw new PickleLimit('more values on the stack');
    this.#stack.push(value);
  }

  /** @throws PickleError when nothing lies above the last mark */
  pop(): PickleValue {
    const value = this.#stack.length > this.#fence() ? this.#stack.pop() : undefined;
    if (value === undefined) throw new PickleError('the stack has too few values');
    return value;
  }

  /** @throws PickleError */
  top(): PickleValue {
    const value = this.#stack.length > this.#fence() ? this.#stack.at(-1) : undefined;
    if (value === undefined) throw new PickleError('the stack has too few values');
    return value;
  }

  /** @throws PickleLimit */
  mark(): void {
    if (this.#marks.length >= limits.pickleStack) throw new PickleLimit('more marks');
    this.#marks.push(this.#stack.length);
  }

  /** POP takes a mark where no value lies above it. */
  discard(): void {
    if (this.#marks.length > 0 && this.#stack.length === this.#fence()) this.#marks.pop();
    else this.pop();
  }

  /** Takes everything above the last mark, and the mark. @throws PickleError */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleError('there is no mark');
    return this.#stack.splice(mark);
  }

  /** @throws PickleError, PickleLimit */
  put(index: number): void {
    if (this.memoSize >= limits.pickleMemo) throw new PickleLimit('more values to recall');
    const value = this.top();
    if (index > this.#memo.length || this.#sparse.has(index)) this.#sparse.set(index, value);
    else this.#memo[index] = value;
  }

  get(index: number): PickleValue | undefined {
    return this.#sparse.get(index) ?? this.#memo[index];
  }

  /** A container of these items, as many of them as may be kept. */
  container(kind: 'tuple' | 'list' | 'set', items: PickleValue[]): PickleValue {
    const value: PickleValue = { kind, items: this.#kept(items) };
    this.#weigh(value, items);
    return value;
  }

  dict(pairs: Pair[]): PickleValue {
    const value: PickleValue = { kind: 'dict', entries: this.#kept(pairs) };
    this.#weighPairs(value, pairs);
    return value;
  }

  /** Keys and values in turn. @throws PickleError when a key has no value */
  pairs(items: readonly PickleValue[]): Pair[] {
    if (items.length % 2 !== 0) throw new PickleError('a key has no value');
    const pairs: Pair[] = [];
    let key: PickleValue | undefined;
    for (const item of items) {
      if (key) pairs.push([key, item]);
      key = key ? undefined : item;
    }
    return pairs;
  }

  /** APPEND(S) and ADDITEMS; things that take no items are left alone. */
  append(target: PickleValue, items: PickleValue[]): void {
    this.#weigh(target, items);
    if (target.kind === 'list' || target.kind === 'set') concat(target.items, this.#kept(items));
    else if (target.kind === 'call') {
      const call = target as Mutable<typeof target>;
      call.items ??= [];
      concat(call.items, this.#kept(items));
    }
  }

  /** SETITEM(S). */
  setItems(target: PickleValue, pairs: Pair[]): void {
    this.#weighPairs(target, pairs);
    if (target.kind === 'dict') concat(target.entries, this.#kept(pairs));
    else if (target.kind === 'call') {
      const call = target as Mutable<typeof target>;
      call.entries ??= [];
      concat(call.entries, this.#kept(pairs));
    }
  }

  /** BUILD. */
  setState(target: PickleValue, state: PickleValue): void {
    if (target.kind === 'call') (target as Mutable<typeof target>).state = state;
  }

  #fence(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #kept<T>(items: T[]): T[] {
    const kept = Math.min(items.length, this.#budget.values);
    this.#budget.values -= kept;
    return kept === items.length ? items : items.slice(0, kept);
  }

  #weighPairs(target: PickleValue, pairs: readonly Pair[]): void {
    if (pairs.some(([key, value]) => isContainer(key) || isContainer(value)))
      this.#weigh(target, pairs.flat());
  }

  /** Objects are compared by identity, so that only plain containers multiply. */
  #weigh(target: PickleValue, items: readonly PickleValue[]): void {
    if (!isContainer(target)) return;
    let weight = this.#weights.get(target) ?? 0;
    for (const item of items) weight += isContainer(item) ? (this.#weights.get(item) ?? 1) : 0;
    if (weight <= 1) return;
    this.#weights.set(target, weight + 1);
    if (weight > this.heaviest) this.heaviest = weight;
  }
}

/** The name that a value is, where a constant of a sensible length gives it. */
export function nameOf(value: PickleValue | undefined): string | undefined {
  if (value?.kind !== 'text' || value.unkept) return undefined;
  return value.value.length <= limits.pickleNameBytes ? value.value : undefined;
}

/** The values that opcodes without an argument push, one object for all. */
export const constants = {
  none: { kind: 'none' },
  true: { kind: 'bool', value: true },
  false: { kind: 'bool', value: false },
  unknown: { kind: 'unknown' },
} as const satisfies Record<string, PickleValue>;

function isContainer({ kind }: PickleValue): boolean {
  return kind === 'tuple' || kind === 'list' || kind === 'set' || kind === 'dict';
}

/** Not by spreading: a pickle may add more items at once than a call takes arguments. */
function concat<T>(list: readonly T[], items: readonly T[]): void {
  for (const item of items) (list as T[]).push(item);
}
