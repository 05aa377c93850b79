import type { FindingRule } from '../../core/finding.ts';
import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import {
  isHarmfulBuiltin,
  isHarmfulFunction,
  isHarmfulMember,
  isHarmfulModule,
  isKerasModule,
  isKerasPackage,
} from './names.ts';
import {
  customObject,
  harmfulFunction,
  harmfulModule,
  lambdaInConfig,
  lambdaInHdf5,
  savedModelLayer,
  torchWrapper,
  vocabularyFile,
} from './rules.ts';

/** What a rule says of an object in a configuration. */
export interface ConfigMatch {
  readonly rule: FindingRule;
  readonly message: string;
  readonly symbol: string;
}

export interface ExaminedConfig {
  readonly matches: readonly ConfigMatch[];
  /** Names of the classes in it, with how often they occur. */
  readonly classes: ReadonlyMap<string, number>;
  /** Classes and functions that are none of Keras. */
  readonly custom: ReadonlySet<string>;
}

interface Examination {
  readonly inHdf5: boolean;
  readonly matches: ConfigMatch[];
  readonly classes: Map<string, number>;
  readonly custom: Set<string>;
}

/** Matches of one configuration that are kept; a hostile one could have millions. */
const mostMatches = 256;
/** Different class names that are kept. */
const mostClasses = 4096;
/** What Keras writes around values that are no layers. */
const plainValue = /^(?:function|__[a-z_]{1,40}__)$/;
/** Of a name in a message or a symbol. */
const longestName = 120;

/**
 * Goes through a configuration that Keras would build objects from, and says what building them would do. Each object
 * is looked at wherever it stands, as any argument of a layer may hold others. The reader of the JSON bounds the depth.
 */
export function examineConfig(config: JsonValue, inHdf5: boolean): ExaminedConfig {
  const examination: Examination = { inHdf5, matches: [], classes: new Map(), custom: new Set() };
  examineValue(examination, config, 'model');
  return examination;
}

/** `owner` names the layer around it. */
function examineValue(examination: Examination, value: JsonValue, owner: string): void {
  if (Array.isArray(value)) {
    for (const item of value) examineValue(examination, item, owner);
    return;
  }
  if (!isObject(value)) return;
  const className = textAt(value, 'class_name');
  // Functions and plain values are known by the layer that has them.
  const symbol = className === undefined || plainValue.test(className) ? owner : symbolOf(value, className);
  if (className !== undefined) examineObject(examination, value, className, symbol);
  for (const member of Object.values(value)) examineValue(examination, member, symbol);
}

function examineObject(examination: Examination, value: JsonObject, className: string, symbol: string): void {
  const { classes } = examination;
  if (classes.has(className) || classes.size < mostClasses)
    classes.set(className, (classes.get(className) ?? 0) + 1);
  if (className === '__lambda__' || (className === 'Lambda' && holdsCode(value))) {
    const rule = examination.inHdf5 ? lambdaInHdf5 : lambdaInConfig;
    keep(examination, rule, `${symbol} carries compiled Python code`, symbol);
  }
  if (className === 'TFSMLayer') keep(examination, savedModelLayer, `${symbol} loads a SavedModel`, symbol);
  if (className === 'TorchModuleWrapper')
    keep(examination, torchWrapper, `${symbol} unpickles a PyTorch module`, symbol);
  examineNamedFunction(examination, value, className, symbol);
  examineVocabulary(examination, value, symbol);
  examineOrigin(examination, value, className, symbol);
}

/** TF-Keras and Keras 2 write the code of a lambda as a list of bytecode, defaults and closure. */
function holdsCode(layer: JsonObject): boolean {
  return ['function', 'output_shape', 'mask'].some((name) => {
    const part = valueAt(layer, 'config', name);
    return Array.isArray(part) && typeof part[0] === 'string';
  });
}

/** Keras 2 writes a function that has a name as `{"function": "load", "module": "numpy"}`. */
function examineNamedFunction(
  examination: Examination,
  value: JsonObject,
  className: string,
  symbol: string,
): void {
  const name = className === 'Lambda' ? textAt(value, 'config', 'function') : undefined;
  if (name === undefined) return;
  const full = [textAt(value, 'config', 'module'), name].filter(Boolean).join('.');
  if (isHarmfulMember(undefined, full))
    keep(examination, harmfulModule, `${symbol} calls ${shown(full)}`, full);
}

function examineVocabulary(examination: Examination, value: JsonObject, symbol: string): void {
  for (const name of ['vocabulary', 'idf_weights']) {
    const path = textAt(value, 'config', name);
    // The path itself may tell of a home directory or carry a token.
    if (path !== undefined)
      keep(examination, vocabularyFile, `${symbol} reads its ${name} from ${kindOfPath(path)}`, symbol);
  }
}

function kindOfPath(path: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'an address';
  return path.startsWith('/') || /^[a-z]:/i.test(path) ? 'an absolute path' : 'a path';
}

/** Where Keras would take the class or function from. */
function examineOrigin(examination: Examination, value: JsonObject, className: string, symbol: string): void {
  const module = textAt(value, 'module');
  const registered = textAt(value, 'registered_name');
  const config = textAt(value, 'config');
  const isFunction = className === 'function';
  const names = [className, config, registered].filter((name) => name !== undefined);
  const named = isFunction ? (config ?? className) : className;

  const harmfulName = names.find(isHarmfulFunction);
  if (harmfulName !== undefined && (module === undefined || isKerasModule(module) || module === 'builtins')) {
    keep(examination, harmfulFunction, `${symbol} calls ${shown(harmfulName)} of Keras`, harmfulName);
    return;
  }
  const isBuiltin = module === 'builtins' && isFunction && !names.some(isHarmfulBuiltin);
  const isHarmful =
    (module !== undefined && isHarmfulModule(module)) || names.some((name) => isHarmfulMember(module, name));
  if (!isBuiltin && isHarmful) {
    const from = module === undefined ? '' : ` from the module ${shown(module)}`;
    const full = module === undefined ? named : `${module}.${named}`;
    keep(examination, harmfulModule, `${symbol} takes ${shown(named)}${from}`, full);
    return;
  }
  if (module !== undefined && !isBuiltin && !isKerasModule(module)) {
    keepCustom(examination, `${module}.${named}`, symbol);
    return;
  }
  // `package>name` in any of the places; what is Keras's own has none.
  const registration = (isFunction ? names : [registered, className]).find((name) => name?.includes('>'));
  if (registration !== undefined && !isKerasPackage(registration.split('>')[0] ?? ''))
    keepCustom(examination, registration, symbol);
}

function keepCustom(examination: Examination, name: string, symbol: string): void {
  if (examination.custom.has(name) || examination.custom.size >= mostMatches) return;
  examination.custom.add(shown(name));
  keep(examination, customObject, `${symbol} needs ${shown(name)}, which is not part of Keras`, name);
}

function keep({ matches }: Examination, rule: FindingRule, message: string, symbol: string): void {
  if (matches.length < mostMatches) matches.push({ rule, message, symbol: shown(symbol) });
}

/** `Lambda decode`: the class, and the name that the model gives the layer. */
function symbolOf(value: JsonObject, className: string): string {
  const name = textAt(value, 'config', 'name') ?? textAt(value, 'name');
  return name === undefined || name === className ? shown(className) : `${shown(className)} ${shown(name)}`;
}

function shown(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName)}…`;
}
