import { limits } from '../core/limits.ts';
import type { PickleCall, PickleDict, PickleValue } from './pickle/value.ts';
import { pytorchTensor, type PytorchTensor } from './pytorch-tensor.ts';

/** A tensor with the names that lead to it. */
export interface NamedTensor extends PytorchTensor {
  /** The first name on the way, as the file's outermost dict has it; empty for an object's own. */
  readonly top: string;
  /** The names behind it, with dots between them. */
  readonly rest: string;
}

/** What a pickle of PyTorch holds, as far as it is tensors and the classes around them. */
export interface PytorchObject {
  readonly tensors: readonly NamedTensor[];
  /** Classes of the objects around the tensors, `module.name`, sorted. */
  readonly classes: readonly string[];
  /** The class of the outermost object; absent for a dict. */
  readonly root?: string;
  /** Values of the outermost dict, or of the state of the outermost object. */
  readonly members: ReadonlyMap<string, PickleValue>;
  /** True when it is nested too deeply, or has too many tensors, for all of it to be here. */
  readonly isCut: boolean;
}

type Entries = PickleDict['entries'];

/** What a module keeps its things in; PyTorch leaves these words out of the names. */
const moduleDicts = new Set(['_parameters', '_buffers', '_modules']);

/** Looks through what a pickle would build for tensors, and gives them the names that a state dict would have. */
export function pytorchObject(value: PickleValue): PytorchObject {
  const tensors: NamedTensor[] = [];
  const classes = new Set<string>();
  const seen = new Set<PickleValue>();
  let isCut = false;

  /** `depth` counts every step inwards, also those that give no name. */
  function visit(at: PickleValue, names: readonly string[], depth: number): void {
    if (at.kind !== 'call' && at.kind !== 'dict' && !('items' in at)) return;
    const call = at.kind === 'call' ? unwrapped(at) : undefined;
    const tensor = call && pytorchTensor(call);
    if (tensor) {
      keep(tensor, names);
      return;
    }
    // Parts are shared, and may hold themselves.
    if (seen.has(at)) return;
    seen.add(at);
    if (depth > limits.pytorchDepth) {
      isCut = true;
      return;
    }
    if (at.kind === 'dict') visitEntries(at.entries, names, depth);
    else if (call) visitCall(call, names, depth);
    else if ('items' in at) visitItems(at.items ?? [], names, depth);
  }

  function visitCall(call: PickleCall, names: readonly string[], depth: number): void {
    const { callee, args, state, items, entries } = call;
    const name = classOf(callee);
    if (name !== undefined && !isPlumbing(name)) classes.add(name);
    if (entries) visitEntries(entries, names, depth);
    for (const part of stateDicts(state)) visitEntries(part.entries, names, depth);
    visitItems(items ?? [], names, depth);
    const pairs = pairsOf(call);
    if (pairs) visitEntries(pairs, names, depth);
    else if (args.kind === 'tuple') for (const item of args.items) visit(item, names, depth + 1);
  }

  function visitItems(items: readonly PickleValue[], names: readonly string[], depth: number): void {
    for (const [index, item] of items.entries()) visit(item, [...names, String(index)], depth + 1);
  }

  function visitEntries(list: Entries, names: readonly string[], depth: number): void {
    for (const [key, item] of list) {
      const name = keyText(key);
      if (name === '_metadata') continue;
      visit(item, moduleDicts.has(name) ? names : [...names, name], depth + 1);
    }
  }

  function keep(tensor: PytorchTensor, [top = '', ...rest]: readonly string[]): void {
    if (tensors.length < limits.tensorsPerFile) tensors.push({ ...tensor, top, rest: rest.join('.') });
    else isCut = true;
  }

  visit(value, [], 0);
  const root = value.kind === 'call' ? classOf(value.callee) : undefined;
  return {
    tensors,
    classes: [...classes].sort(),
    ...(root === undefined || isPlumbing(root) ? {} : { root }),
    members: membersOf(value),
    isCut,
  };
}

/**
 * The call that makes a parameter or a tensor of another class holds the call that makes the tensor:
 * `_rebuild_parameter(tensor, …)`, `_rebuild_from_type_v2(function, class, arguments, state)`.
 */
function unwrapped(call: PickleCall): PickleCall {
  let at = call;
  for (let depth = 0; depth < 8; depth++) {
    const name = classOf(at.callee) ?? '';
    const [first, , third] = at.args.kind === 'tuple' ? at.args.items : [];
    if (/(?:^|\.)_rebuild_from_type(?:_v2)?$/.test(name) && first && third) {
      at = { kind: 'call', callee: first, args: third };
    } else if (
      /(?:\._rebuild_parameter(?:_with_state)?|\.parameter\.(?:Parameter|Buffer))$/.test(name) &&
      first?.kind === 'call'
    ) {
      at = first;
    } else return at;
  }
  return at;
}

/** `module.name` of a class; in the oldest files a persistent id `('module', class, source file, source)`. */
function classOf(callee: PickleValue): string | undefined {
  if (callee.kind === 'global') return `${callee.module}.${callee.name}`;
  if (callee.kind !== 'persistent' || callee.id.kind !== 'tuple') return undefined;
  const [word, type] = callee.id.items;
  return word?.kind === 'text' && word.value === 'module' && type?.kind === 'global'
    ? `${type.module}.${type.name}`
    : undefined;
}

/** Containers of Python and functions that rebuild tensors are no classes of a model; TorchScript brings its own along. */
function isPlumbing(name: string): boolean {
  return /^(?:collections\.|(?:__builtin__|builtins|copyreg|copy_reg|_codecs)\.|torch\._utils\.|torch\._tensor\.|torch\.tensor\.|torch\.(?:Size|device|dtype|Tensor)$|torch\.jit\._pickle\.|torch\.storage\.|torch\.serialization\.|torch\._C\.|torch\.nn\.parameter\.|numpy\.|__torch__\.)/.test(
    name,
  );
}

/** The state is the dict of attributes, or a tuple of it and the slots. */
function stateDicts(state: PickleValue | undefined): PickleDict[] {
  if (state?.kind === 'dict') return [state];
  return state?.kind === 'tuple' ? state.items.filter((item) => item.kind === 'dict') : [];
}

/** Python 2 pickles an OrderedDict as a call with a list of pairs. */
function pairsOf({ callee, args }: PickleCall): Entries | undefined {
  const list = args.kind === 'tuple' ? args.items[0] : undefined;
  if (classOf(callee) !== 'collections.OrderedDict' || list?.kind !== 'list') return undefined;
  return list.items.flatMap((pair): Entries => {
    const [key, value] = pair.kind === 'list' || pair.kind === 'tuple' ? pair.items : [];
    return key && value ? [[key, value]] : [];
  });
}

function membersOf(value: PickleValue): Map<string, PickleValue> {
  const entries =
    value.kind === 'dict'
      ? value.entries
      : value.kind === 'call'
        ? [...(value.entries ?? []), ...stateDicts(value.state).flatMap((part) => part.entries)]
        : [];
  return new Map(entries.map(([key, item]) => [keyText(key), item]));
}

function keyText(key: PickleValue): string {
  if (key.kind === 'text') return key.value;
  return key.kind === 'int' ? String(key.value) : key.kind;
}
