import { limits } from '../../core/limits.ts';
import type { PickleGlobal, PickleUse, PickleUseOpcode } from './pickle.ts';
import type { PickleGlobalName, PickleValue } from './value.ts';

/** A use by which nothing is called: it changes the thing itself. */
const changes: ReadonlySet<PickleUseOpcode> = new Set([
  'BUILD',
  'SETITEM',
  'SETITEMS',
  'APPEND',
  'APPENDS',
  'ADDITEMS',
]);

/** Uses of one name that are kept. */
const usesKept = 8;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Mutable<Omit<PickleGlobal, 'uses'>> & { readonly uses: PickleUse[] };
type Import = Pick<PickleGlobal, 'module' | 'name' | 'offset' | 'length' | 'opcode' | 'names'>;

/** The names that the pickles of one file import, each once, and what is done with them. */
export class PickleGlobals {
  readonly list: Entry[] = [];
  readonly indirectCalls: PickleUse[] = [];
  readonly #byName = new Map<string, { readonly value: PickleGlobalName; readonly entry: Entry }>();
  readonly #byValue = new Map<PickleValue, Entry>();

  /** The value of an import; undefined when there are too many different ones. */
  add(found: Import): PickleGlobalName | undefined {
    const key = `${found.module}\0${found.name}`;
    const known = this.#byName.get(key);
    if (known) {
      known.entry.count++;
      return known.value;
    }
    if (this.list.length === limits.pickleGlobals) return undefined;
    const value: PickleGlobalName = { kind: 'global', module: found.module, name: found.name };
    const entry: Entry = { ...found, count: 1, uses: [], called: false, changed: false };
    this.list.push(entry);
    this.#byName.set(key, { value, entry });
    this.#byValue.set(value, entry);
    return value;
  }

  /** Notes a use of a bare global, and a call of something that is none; false when there are too many of those. */
  use(use: PickleUse): boolean {
    const entry = this.#byValue.get(use.callee);
    const change = changes.has(use.opcode);
    if (entry === undefined) {
      if (change) return true;
      if (this.indirectCalls.length === limits.pickleListed) return false;
      this.indirectCalls.push(use);
      return true;
    }
    if (change) entry.changed = true;
    else entry.called = true;
    if (entry.uses.length < usesKept) entry.uses.push(use);
    return true;
  }
}
