import type { ByteRange } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import type { PickleUse } from '../../formats/pickle/pickle.ts';
import type { PickleValue } from '../../formats/pickle/value.ts';
import { calledArguments, dangerOfUse } from './dangerous-uses.ts';
import { judgeGlobal } from './judge-global.ts';

/** What is seen of the calls and states of a pickle while it is read. */
export interface Observations {
  readonly watch: (use: PickleUse) => void;
  /** Special methods that a BUILD sets on an object; the first few. */
  readonly specials: { readonly name: string; readonly offset: number }[];
  /** `_sklearn_version` and its like, by the name of the program. */
  readonly versions: Map<string, string>;
  /** Functions that are as harmless as their arguments, by name: true when all of them were so far. */
  readonly harmless: Map<string, boolean>;
  /**
   * Names that are called without an opcode of their own, because a persistent id of PyTorch stands for them or a
   * function that is called calls them: `module name`.
   */
  readonly calledOtherwise: Set<string>;
  /** What allowed names do by the way in which they are used, by name. */
  readonly misused: Map<string, string>;
  /** Places of bytes that PyTorch loads while it loads the pickle; the first few. */
  readonly loaded: ByteRange[];
}

export function observe(): Observations {
  const checked = new WeakMap<PickleValue, number>();
  const seen: Observations = {
    watch,
    specials: [],
    versions: new Map(),
    harmless: new Map(),
    calledOtherwise: new Set(),
    misused: new Map(),
    loaded: [],
  };
  return seen;

  function watch(used: PickleUse): void {
    const { opcode, offset, callee, args } = used;
    const does = dangerOfUse(used);
    const named = callee.kind === 'call' ? callee.callee : callee;
    if (does !== undefined && named.kind === 'global')
      seen.misused.set(`${named.module} ${named.name}`, does);
    for (const argument of calledArguments(used))
      if (argument.kind === 'global') seen.calledOtherwise.add(`${argument.module} ${argument.name}`);
    if (opcode === 'BUILD') {
      for (const state of args.kind === 'tuple' ? args.items.slice(0, 2) : [args]) noteState(state, offset);
      return;
    }
    const target = persistentGlobal(callee);
    if (target) seen.calledOtherwise.add(`${target.module} ${target.name}`);
    if (callee.kind !== 'global') return;
    if (callee.module === 'torch.storage' && callee.name === '_load_from_bytes') noteLoaded(args);
    const harmless = conditions.get(`${callee.module}.${callee.name}`);
    if (!harmless) return;
    const key = `${callee.module} ${callee.name}`;
    seen.harmless.set(key, (seen.harmless.get(key) ?? true) && harmless(args));
  }

  function noteLoaded(args: PickleValue): void {
    const [bytes] = itemsOf(args);
    if (bytes?.kind !== 'bytes') return;
    if (seen.loaded.length < limits.pickleListed)
      seen.loaded.push({ offset: bytes.offset, length: bytes.length });
    else seen.misused.set('torch.storage _load_from_bytes', 'loads more constants than are looked into');
  }

  function noteState(state: PickleValue, offset: number): void {
    if (state.kind !== 'dict') return;
    // A state only grows, and a pickle may give the same one to a million objects.
    const from = checked.get(state) ?? 0;
    checked.set(state, state.entries.length);
    for (const [key, value] of state.entries.slice(from)) {
      if (key.kind !== 'text') continue;
      const program = versionKeys.get(key.value);
      if (program !== undefined && value.kind === 'text' && isVersion.test(value.value))
        seen.versions.set(program, value.value);
      if (specialMethods.has(key.value) && seen.specials.length < mostSpecials)
        seen.specials.push({ name: key.value, offset });
    }
  }
}

/**
 * PyTorch's old format refers to a class by a persistent id `('module', class, file, source)`, to keep its source; its
 * loader gives the class in place of it.
 */
export function persistentGlobal(value: PickleValue): Extract<PickleValue, { kind: 'global' }> | undefined {
  if (value.kind !== 'persistent' || value.id.kind !== 'tuple') return undefined;
  const [kind, target] = value.id.items;
  return kind?.kind === 'text' && kind.value === 'module' && target?.kind === 'global' ? target : undefined;
}

/** Functions that reach things by a name, or load bytes, and what their arguments are where that does no harm. */
const conditions: ReadonlyMap<string, (args: PickleValue) => boolean> = new Map([
  ['builtins.getattr', isPlainAttribute],
  ['__builtin__.getattr', isPlainAttribute],
  ['numpy.core._ufunc_reconstruct', isPlainName],
  ['numpy._core._ufunc_reconstruct', isPlainName],
  // The bytes are a PyTorch file, and are looked at as one.
  ['torch.storage._load_from_bytes', (args) => itemsOf(args)[0]?.kind === 'bytes'],
]);

/** `getattr(class, 'name')`: enumerations and bound methods of classes. */
function isPlainAttribute(args: PickleValue): boolean {
  const [target, name] = itemsOf(args);
  if (target?.kind !== 'global' || name?.kind !== 'text' || !isPublic.test(name.value)) return false;
  const { verdict } = judgeGlobal(target.module, target.name);
  return (verdict === 'allowed' || verdict === 'unknown') && isClass.test(target.name);
}

/** `numpy.add` and its like, which are functions written in C. */
function isPlainName(args: PickleValue): boolean {
  const [module, name] = itemsOf(args);
  if (module?.kind !== 'text' || name?.kind !== 'text' || !isPublic.test(name.value)) return false;
  if (
    !/^(?:numpy|numpy\._?core\.(?:umath|_multiarray_umath)|scipy\.special(?:\._ufuncs)?)$/.test(module.value)
  )
    return false;
  return !['dangerous', 'dynamic'].includes(judgeGlobal(module.value, name.value).verdict);
}

function itemsOf(args: PickleValue): readonly PickleValue[] {
  return args.kind === 'tuple' ? args.items : [];
}

const isPublic = /^[A-Za-z]\w*$/;
const isClass = /^[A-Z]\w*$/;

const versionKeys: ReadonlyMap<string, string> = new Map([
  ['_sklearn_version', 'scikit-learn'],
  ['_imblearn_version', 'imbalanced-learn'],
  ['_lightgbm_version', 'lightgbm'],
  ['_xgboost_version', 'xgboost'],
]);
const isVersion = /^\d[\w.+-]{0,40}$/;

const mostSpecials = 64;
/** What the interpreter, or the next BUILD, calls on an object or follows from it. */
const specialMethods: ReadonlySet<string> = new Set(
  [
    'setstate',
    'reduce',
    'reduce_ex',
    'getstate',
    'class',
    'bases',
    'mro',
    'subclasses',
    'builtins',
    'globals',
    'code',
    'call',
    'init',
    'new',
    'del',
    'import',
    'getattr',
    'getattribute',
    'setattr',
    'defaults',
    'kwdefaults',
    'closure',
    'loader',
    'spec',
    'path',
    'enter',
    'exit',
    'iter',
    'next',
    'len',
    'eq',
    'hash',
    'str',
    'repr',
  ].map((name) => `__${name}__`),
);
