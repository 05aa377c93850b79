import type { PickleUse } from '../../formats/pickle/pickle.ts';
import type { PickleValue } from '../../formats/pickle/value.ts';

/** What an allowed name does when it is used like this: ends the sentence "…, which …". Undefined where it does no harm. */
export function dangerOfUse({ opcode, callee, args }: PickleUse): string | undefined {
  if (opcode === 'BUILD')
    return forgesObjects(callee, args) ? 'takes bytes for pointers to objects' : undefined;
  if (callee.kind !== 'global') return undefined;
  const { module, name } = callee;
  const items = itemsOf(args);
  if (opensFiles.test(module) && !withoutConstructor.has(opcode) && items.length > 0)
    return 'opens the file that its arguments name';
  const takesBuffer =
    name === '_frombuffer' || (module === 'numpy' && name === 'ndarray' && items.length > 2);
  if (takesBuffer && isNumpy.test(module) && items.slice(1, 2).some(holdsObjects))
    return 'takes bytes for pointers to objects';
  return undefined;
}

/** What a function calls of what it is given; nothing for most. */
export function calledArguments({ callee, args }: PickleUse): readonly PickleValue[] {
  if (callee.kind !== 'global') return [];
  return callers.has(`${callee.module}.${callee.name}`) ? itemsOf(args) : [];
}

/** The dtype whose state a use sets, where that is memory-unsafe. */
function forgesObjects(callee: PickleValue, state: PickleValue): boolean {
  if (!isDtype(callee) || state.kind !== 'tuple') return false;
  const flags = state.items[7];
  if (flags?.kind !== 'int' || (Number(flags.value) & hasReferences) !== 0) return false;
  const [, , subarray, , fields] = state.items;
  return codeIsObject(callee) || parts(subarray, fields).some(holdsObjects);
}

function parts(subarray: PickleValue | undefined, fields: PickleValue | undefined): PickleValue[] {
  const inner = fields?.kind === 'dict' ? fields.entries.map(([, value]) => value) : [];
  return [subarray, ...inner].flatMap((it) => (it?.kind === 'tuple' ? it.items.slice(0, 1) : []));
}

function holdsObjects(value: PickleValue): boolean {
  if (value.kind === 'text') return isObjectCode(value.value);
  if (!isDtype(value)) return false;
  const flags = value.state?.kind === 'tuple' ? value.state.items[7] : undefined;
  return codeIsObject(value) || (flags?.kind === 'int' && (Number(flags.value) & hasReferences) !== 0);
}

type Call = Extract<PickleValue, { kind: 'call' }>;

function isDtype(value: PickleValue): value is Call {
  return value.kind === 'call' && value.callee.kind === 'global' && value.callee.name === 'dtype';
}

function codeIsObject({ args }: Call): boolean {
  const [code] = itemsOf(args);
  if (code?.kind === 'text') return isObjectCode(code.value);
  return code?.kind === 'global' && /^(?:object|object_)$/.test(code.name);
}

function isObjectCode(code: string): boolean {
  return code.includes('O') || code.includes('object');
}

function itemsOf(args: PickleValue): readonly PickleValue[] {
  return args.kind === 'tuple' ? args.items : [];
}

/** NumPy's `NPY_ITEM_REFCOUNT`. */
const hasReferences = 0x01;
const isNumpy = /^numpy(?:\.|$)/;
/** Classes whose `__init__` reads the file that a text names; pickles of them call `__new__` alone. */
const opensFiles = /^(?:xgboost\.core|lightgbm\.basic|catboost\.core)$/;
const withoutConstructor: ReadonlySet<string> = new Set(['NEWOBJ', 'NEWOBJ_EX']);

/** Allowed functions that call, or take a method of, an argument. */
const callers: ReadonlySet<string> = new Set([
  'sklearn.metrics._scorer._passthrough_scorer',
  'numpy.random._pickle.__randomstate_ctor',
  'numpy.random._pickle.__generator_ctor',
  'numpy.random._pickle.__bit_generator_ctor',
  'torch._tensor._rebuild_from_type_v2',
]);
