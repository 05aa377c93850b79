import { aiNamePatterns, aiPackageNames, type AiCategory } from './ai-package-names.ts';
import { hubLibraries } from './hub-libraries.ts';
import { pypiName } from './package-purl.ts';

/** Where a package's name has its meaning: purl's types. */
export type Ecosystem = 'pypi' | 'npm' | 'conda' | 'deb' | 'rpm' | 'apk';

/** The part of a package in an AI system; a head is a framework, what others are built on or chosen for. */
export interface AiPackage {
  readonly category: AiCategory;
  readonly head: boolean;
}

/** What is known of a package by its name; undefined for one that has no part in an AI system that we know of. */
export function aiCategory(ecosystem: Ecosystem, name: string): AiPackage | undefined {
  if (name.length > longestName) return undefined;
  switch (ecosystem) {
    case 'pypi':
      return pypi(pypiName(name));
    case 'npm':
      return table('npm').get(name.toLowerCase());
    case 'conda':
      return table('conda').get(name.toLowerCase()) ?? matching('conda', name) ?? pypi(pypiName(name));
    default:
      return system(name.toLowerCase());
  }
}

/** What Linux distributions build from Python packages has their names behind a prefix. */
function system(name: string): AiPackage | undefined {
  const python = /^(?:python3?|python3\.\d+|py3)-(.+)$/.exec(name)?.[1];
  if (python !== undefined) return pypi(pypiName(python));
  return table('system').get(name) ?? matching('system', name);
}

function pypi(name: string): AiPackage | undefined {
  const known = table('pypi').get(name) ?? matching('pypi', name);
  if (known) return known;
  return hubNames().has(name) ? { category: 'inference', head: false } : undefined;
}

/** Longer than any name in the tables, and a bound of what the patterns look at. */
const longestName = 128;

type TableName = keyof typeof aiPackageNames;

function matching(name: keyof typeof aiNamePatterns, text: string): AiPackage | undefined {
  const found = aiNamePatterns[name].find(([pattern]) => pattern.test(text));
  return found && { category: found[1], head: false };
}

const tables = new Map<TableName, ReadonlyMap<string, AiPackage>>();

function table(name: TableName): ReadonlyMap<string, AiPackage> {
  const known = tables.get(name);
  if (known) return known;
  const packages = new Map<string, AiPackage>();
  for (const [category, { heads = '', others = '' }] of Object.entries(aiPackageNames[name])) {
    for (const each of words(others)) packages.set(each, { category: category as AiCategory, head: false });
    for (const each of words(heads)) packages.set(each, { category: category as AiCategory, head: true });
  }
  tables.set(name, packages);
  return packages;
}

let hub: ReadonlySet<string> | undefined;

function hubNames(): ReadonlySet<string> {
  return (hub ??= new Set(Object.values(hubLibraries.pypi)));
}

/** The names in a list that is separated by white space. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
