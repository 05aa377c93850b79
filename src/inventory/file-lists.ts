import { sha256 } from '../core/digest.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { attribute, type Attribute } from '../core/fact.ts';
import type { FileList, ListedFile } from '../core/file-list.ts';
import { finding, type Finding, type FindingRule } from '../core/finding.ts';
import type { FileItem } from '../core/inventory.ts';
import { directoryOf, nameOf } from '../core/path.ts';
import { contradiction, type Problem } from '../core/problem.ts';

const modified: FindingRule = {
  id: 'MLB-PKG-001',
  severity: 'high',
  cwe: 353,
  title: 'An installed file was changed',
  why: 'The file is not the one that was installed, so that what was reviewed and what runs differ.',
  fix: 'Install the package again, or find out who changed it and why.',
};

const unlisted: FindingRule = {
  id: 'MLB-PKG-002',
  severity: 'medium',
  cwe: 506,
  title: 'Code in a package that no list names',
  why: 'Code was put into the directory of an installed package by something other than its installer.',
  fix: 'Find out where it comes from, and remove it or install the package again.',
};

const atStart: FindingRule = {
  id: 'MLB-PKG-003',
  severity: 'high',
  cwe: 506,
  title: 'Code that runs whenever Python starts, and that nobody installed',
  why: 'Python runs the lines of `.pth` files that import, `sitecustomize` and `usercustomize` at every start.',
  fix: 'Find out where it comes from, and remove it.',
};

const misdescribed: FindingRule = {
  id: 'MLB-LST-001',
  severity: 'high',
  cwe: 353,
  title: 'A file is not what its description says',
  why: 'The digest or size that came with the data is of another file, so that nobody knows which of the two was reviewed.',
  fix: 'Fetch the file again from its publisher, or have the description corrected.',
};

/** What the check of listed files looks for. */
export const fileListRules: readonly FindingRule[] = [misdescribed, modified, unlisted, atStart];

/** Findings that are listed of one package; the rest is counted in the last one. */
const most = 100;
/** Missing files that a reason names. */
const examples = 3;

/** What comes of holding the lists of installed files against the files that are there. */
export interface ListsChecked {
  /** What each list came to, by the key of its component. */
  readonly attributes: ReadonlyMap<string, readonly Attribute[]>;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/**
 * Holds what package managers wrote down against what lies there (PyPA "Recording installed projects", RECORD).
 * `files` are all files of the artifact by path, hashed in this run. Only SHA-256 is compared.
 */
export function checkFileLists(
  lists: readonly FileList[],
  files: ReadonlyMap<string, FileItem>,
): ListsChecked {
  const attributes = new Map<string, Attribute[]>();
  const findings: Finding[] = [];
  const problems: Problem[] = [];
  const listed = new Set(lists.flatMap((list) => list.files.map(({ path }) => path)));
  const owners = ownersOf(lists);
  const byDirectory = codeByDirectory(lists.length > 0 ? files.keys() : []);
  for (const given of lists) {
    const list = { ...given, files: given.files.map((file) => whereItLies(file, files)) };
    const isRebuilt = isInstalledByAnother(given, owners, files);
    const states = list.files.map((file) => {
      const state = stateOf(file, files.get(file.path));
      return isRebuilt && state === 'modified' ? 'unverified' : state;
    });
    const changed = list.files.filter((_, index) => states[index] === 'modified');
    const missing = list.files.filter((_, index) => states[index] === 'missing');
    const extra = unlistedCode(list, byDirectory, listed);
    findings.push(...capped(changed.map((file) => changedFinding(file, list, files))));
    findings.push(...capped(extra.map((path) => finding(unlisted, path, `${list.path} does not name it`))));
    if (missing.length > 0) problems.push(missingProblem(missing, list));
    const counts = {
      listed: states.length,
      matched: states.filter((state) => state === 'matched').length,
      modified: changed.length,
      missing: missing.length,
      unverified: states.filter((state) => state === 'unverified').length,
      unlisted: extra.length,
    };
    const evidence = { basis: 'observed', source: list.path, by: 'inventory' } as const;
    const value = attribute('mlbom:package:files', canonicalJson(counts), evidence);
    attributes.set(list.component, [...(attributes.get(list.component) ?? []), value]);
  }
  findings.push(...besidePackages(lists, byDirectory, listed, files));
  return { attributes, findings, problems };
}

/** The components whose lists name a file. */
function ownersOf(lists: readonly FileList[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { component, files } of lists) {
    for (const { path } of files) {
      const known = owners.get(path);
      if (known) known.add(component);
      else owners.set(path, new Set([component]));
    }
  }
  return owners;
}

/** Keys of packages of operating systems. */
const ofSystem = /^(?:deb|rpm|apk):/;

/**
 * A list that the system's package manager installed as one of its files: distributions strip libraries and rewrite first
 * lines after Python wrote its RECORD, and answer for the result in a list of their own.
 */
function isInstalledByAnother(
  { component, path }: FileList,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
  files: ReadonlyMap<string, FileItem>,
): boolean {
  if (!files.has(path)) return false;
  const named = [...(owners.get(path) ?? []), ...(owners.get(path.replace(/^usr\//, '')) ?? [])];
  return named.some((owner) => owner !== component && ofSystem.test(owner));
}

/** Debian's packages say `lib/x` where a merged `/usr` has `usr/lib/x` (deb: usrmerge). */
function whereItLies(file: ListedFile, files: ReadonlyMap<string, FileItem>): ListedFile {
  if (files.has(file.path)) return file;
  const merged = file.path.replace(/(^|\/)(?=(?:s?bin|lib(?:32|64|x32)?)\/)/, '$1usr/');
  return merged !== file.path && files.has(merged) ? { ...file, path: merged } : file;
}

type State = 'matched' | 'modified' | 'missing' | 'unverified';

function stateOf({ size, digest }: ListedFile, file: FileItem | undefined): State {
  if (!file) return 'missing';
  if (size !== undefined && size !== file.size) return 'modified';
  if (digest?.algorithm !== 'sha256') return 'unverified';
  return digest.hex === file.sha256 ? 'matched' : 'modified';
}

function changedFinding(
  { path, size, digest }: ListedFile,
  list: FileList,
  files: ReadonlyMap<string, FileItem>,
): Finding {
  const file = files.get(path);
  const says = digest?.algorithm === 'sha256' ? `sha256:${digest.hex}` : `${size ?? '?'} bytes`;
  const has = digest?.algorithm === 'sha256' ? `sha256:${file?.sha256 ?? ''}` : `${file?.size ?? '?'} bytes`;
  return finding(
    list.describes ? misdescribed : modified,
    path,
    `${list.path} says ${says}, and it has ${has}`,
  );
}

function capped(findings: readonly Finding[]): Finding[] {
  const shown = findings.slice(0, most);
  const last = shown.at(-1);
  if (!last || findings.length <= most) return shown;
  return [...shown.slice(0, -1), { ...last, message: `${last.message}; and ${findings.length - most} more` }];
}

function missingProblem(missing: readonly ListedFile[], list: FileList): Problem {
  const named = missing
    .slice(0, examples)
    .map(({ path }) => path)
    .join(', ');
  const more = missing.length > examples ? ` and ${missing.length - examples} more` : '';
  return contradiction(
    list.describes ? 'described-files-missing' : 'installed-files-missing',
    list.path,
    `names files that are not there: ${named}${more}`,
  );
}

/** Compiled Python in `__pycache__` is written when code runs, and belongs to the source beside it. */
const code = /(?:\.(?:py|pyd|pth|so|dll|dylib)|\.so\.[\d.]+)$/;

function codeByDirectory(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const directories = new Map<string, string[]>();
  for (const path of paths) {
    if (!code.test(path)) continue;
    const directory = directoryOf(path);
    const known = directories.get(directory);
    if (known) known.push(path);
    else directories.set(directory, [path]);
  }
  return directories;
}

/** Code in a directory of packages that is no part of any of them: modules at its top, whole packages. */
function besidePackages(
  lists: readonly FileList[],
  byDirectory: ReadonlyMap<string, readonly string[]>,
  listed: ReadonlySet<string>,
  files: ReadonlyMap<string, FileItem>,
): Finding[] {
  const sites = new Set(lists.flatMap(({ site }) => site ?? []));
  const installed = new Set(
    [...new Set([...listed].map(directoryOf))].flatMap((directory) => topOf(directory, sites) ?? []),
  );
  const findings: Finding[] = [];
  for (const [directory, paths] of byDirectory) {
    const isTop = sites.has(directory);
    const top = topOf(directory, sites);
    // Below a package that is installed, its own list speaks.
    if (!isTop && (top === undefined || installed.has(top))) continue;
    for (const path of paths) {
      if (listed.has(path)) continue;
      if (files.get(path)?.sha256 === virtualenvs) continue;
      const rule = isTop && starts.test(nameOf(path)) ? atStart : unlisted;
      findings.push(finding(rule, path, 'no RECORD beside it names it'));
    }
  }
  return capped(findings);
}

const starts = /^(?:sitecustomize|usercustomize)\.py$|\.pth$/;

/** `_virtualenv.pth`, which virtualenv and uv write into every environment; it imports a module that is looked at itself. */
const virtualenvs = sha256('import _virtualenv');

/** The directory of one package among others in a site that the directory is, or lies in. */
function topOf(directory: string, sites: ReadonlySet<string>): string | undefined {
  for (let at = directory; at !== '.'; at = directoryOf(at)) if (sites.has(directoryOf(at))) return at;
  return undefined;
}

/** Code below the list's own directories that nobody's list names. */
function unlistedCode(
  list: FileList,
  byDirectory: ReadonlyMap<string, readonly string[]>,
  listed: ReadonlySet<string>,
): string[] {
  if (list.owns.length === 0) return [];
  const directories = new Set<string>();
  for (const own of list.owns) directories.add(own);
  // The directories that the list itself has files in, and no others: a namespace is shared by several packages.
  for (const { path } of list.files) {
    const directory = directoryOf(path);
    if (list.owns.some((own) => directory.startsWith(`${own}/`))) directories.add(directory);
  }
  return [...directories]
    .flatMap((directory) => byDirectory.get(directory) ?? [])
    .filter((path) => !listed.has(path));
}
