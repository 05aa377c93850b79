import { dynamicName, extensionModule } from '../../formats/pickle/value.ts';
import { allowedClasses, allowedGlobals } from './allowed-globals.ts';
import { dangerousModules, dangerousNames, reachedModules } from './dangerous-globals.ts';
import { python3Name } from './python2-names.ts';

/** What to think of a name that a pickle imports. */
export interface Judgement {
  readonly verdict: 'allowed' | 'unknown' | 'dangerous' | 'dynamic';
  /** What it does, for a dangerous one: ends the sentence "… is imported, which …". */
  readonly does: string;
}

/**
 * Allowed is what is listed, by its own name; then everything is dangerous that is listed by itself or by a module
 * above it (CVE-2025-10157), or that reaches attributes through a dot or two underscores; the rest is unknown.
 */
export function judgeGlobal(module: string, name: string): Judgement {
  if (module === extensionModule)
    return { verdict: 'dynamic', does: 'is a number that the interpreter looks up' };
  if (module.includes(dynamicName) || name === dynamicName) return computed;
  const written = [module, name] as const;
  const [newModule, newName] = python3Name(module, name);
  if (isAllowed(...written)) return allowed;
  const does = danger(...written) ?? danger(newModule, newName);
  if (does !== undefined) return { verdict: 'dangerous', does };
  return isAllowed(newModule, newName) ? allowed : unknown;
}

const allowed: Judgement = { verdict: 'allowed', does: '' };
const unknown: Judgement = { verdict: 'unknown', does: '' };
const computed: Judgement = { verdict: 'dynamic', does: 'is a name that the pickle computes' };

const allowedNames: ReadonlySet<string> = new Set(
  allowedGlobals.flatMap(({ modules, names }) =>
    modules.flatMap((module) => names.split(' ').map((name) => `${module} ${name}`)),
  ),
);
const allowedParents: ReadonlySet<string> = new Set(allowedClasses.map(({ below }) => below));
const dangers: ReadonlyMap<string, string> = new Map([
  ...dangerousModules.flatMap(({ modules, does }) =>
    modules.split(' ').map((module): [string, string] => [module, does]),
  ),
  ...dangerousNames.flatMap(({ modules, names, does }) =>
    modules.flatMap((module) =>
      names.split(' ').map((name): [string, string] => [`${module} ${name}`, does]),
    ),
  ),
]);

function isAllowed(module: string, name: string): boolean {
  // A class of TorchScript, whose code is in the archive and whose unpickler is not Python's; Python has no such module.
  if (module === '__torch__' || module.startsWith('__torch__.')) return true;
  if (allowedNames.has(`${module} ${name}`)) return true;
  return (
    isClassName.test(name) &&
    !borrowed.has(name) &&
    !isTest.test(module) &&
    parents(module).some((it) => allowedParents.has(it))
  );
}

/** Named like classes of the module, and imported there from elsewhere. */
const borrowed: ReadonlySet<string> = new Set(['ABCMeta', 'Parallel', 'Memory', 'F', '_VF']);

function isBorrowed(module: string, name: string): boolean {
  return borrowed.has(name) && parents(module).some((it) => allowedParents.has(it));
}

const isClassName = /^_?[A-Z]\w*$/;
const harmlessDunders = /^__(?:main|mp_main|builtin)__$/;
const isTest = /(?:^|\.)(?:tests?|conftest)(?:\.|$)/;

function danger(module: string, name: string): string | undefined {
  const listed = dangers.get(`${module} ${name}`);
  if (listed !== undefined) return listed;
  for (const parent of parents(module)) {
    const does = dangers.get(parent);
    if (does !== undefined) return does;
  }
  if (name.includes('.')) return 'reaches an attribute of an attribute';
  if (isBorrowed(module, name)) return 'is not of that module, which only imports it';
  if (reachedModules.has(name)) return `is the module ${name}, by way of another one`;
  const inside = /^__\w*__$/.test(name) || (/(?:^|\.)__/.test(module) && !harmlessDunders.test(module));
  return inside ? 'reaches the inside of the interpreter' : undefined;
}

/** The module and all modules above it. */
function parents(module: string): string[] {
  const found = [module];
  for (let at = module.lastIndexOf('.'); at > 0; at = module.lastIndexOf('.', at - 1)) {
    found.push(module.slice(0, at));
  }
  return found;
}
