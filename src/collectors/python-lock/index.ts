import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { decodeUtf8, isObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { parseToml } from '../../formats/toml.ts';
import { readJsonFile } from '../json-file.ts';
import { collectCondaEnvironment } from './conda-environment.ts';
import { digestOf, indexReference, lockedFacts, vcsSource, type Locked } from './locked.ts';
import { collectRequirements } from './requirements.ts';
import { pdmPackages, poetryPackages, pylockPackages, uvPackages } from './toml-locks.ts';

type Reader = (entry: Entry) => Promise<Collected>;
type Table = Readonly<Record<string, unknown>>;

/** Python packages that somebody pinned or asked for: lockfiles, requirements, conda's environments. */
export const pythonLock: FileCollector = {
  id: 'python-lock',
  version: 1,
  wants({ path }, head) {
    const reader = head.length === 0 ? undefined : readerFor(path);
    // Environments of other things than conda's have such names as well.
    if (reader === collectCondaEnvironment) return Buffer.from(head).includes('dependencies:');
    return reader !== undefined;
  },
  collect: (entry) => readerFor(entry.path)?.(entry) ?? Promise.resolve(nothing),
};

const uv = tomlReader('uv.lock', uvPackages, 'version');
const pylock = tomlReader('pylock.toml', pylockPackages, 'lock-version');
const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^(?:uv|[^/]*\.py)\.lock$/, uv],
  [/^poetry\.lock$/, tomlReader('poetry.lock', poetryPackages, 'metadata', 'lock-version')],
  [/^pdm\.lock$/, tomlReader('pdm.lock', pdmPackages, 'metadata', 'lock_version')],
  [/^pylock(?:\.[^.]+)?\.toml$/, pylock],
  [/^Pipfile\.lock$/, collectPipfile],
  [/^(?:environment[\w.-]*|conda)\.ya?ml$/, collectCondaEnvironment],
  [/^(?:[\w.-]*[-_.])?(?:requirements|constraints)(?:[-_.][\w.-]*)?\.txt$/i, collectRequirements],
];

function readerFor(path: string): Reader | undefined {
  const name = nameOf(path);
  if (!/(?:\.(?:lock|toml|txt|ya?ml))$/.test(name)) return undefined;
  if (/(?:^|\/)requirements\/[\w.-]+\.txt$/.test(path)) return collectRequirements;
  return readers.find(([pattern]) => pattern.test(name))?.[1];
}

function tomlReader(
  format: string,
  packages: (lock: Table) => Iterable<Locked>,
  ...version: string[]
): Reader {
  return async (entry) => {
    const text = decodeUtf8(await readAll(entry, limits.lockfileBytes, entry.path), entry.path);
    const lock = await parseToml(text, entry.path);
    const written = valueAt(lock, ...version);
    const file = {
      format,
      version: typeof written === 'string' || typeof written === 'number' ? String(written) : undefined,
    };
    return lockedFacts(entry.path, file, packages(lock));
  };
}

/** Pipenv's lock: JSON, with a member for each group of packages. */
async function collectPipfile(entry: Entry): Promise<Collected> {
  const lock = await readJsonFile(entry, limits.lockfileBytes);
  const sources = valueAt(lock, '_meta', 'sources');
  const indexes = new Map(
    (Array.isArray(sources) ? sources : []).map((source) => [textAt(source, 'name'), textAt(source, 'url')]),
  );
  const packages = Object.entries(lock).flatMap(([group, members]) =>
    group === '_meta' || !isObject(members)
      ? []
      : Object.entries(members).flatMap(([name, value]) => pipfilePackage(name, value, indexes)),
  );
  const spec = valueAt(lock, '_meta', 'pipfile-spec');
  const version = typeof spec === 'number' ? String(spec) : undefined;
  return lockedFacts(entry.path, { format: 'Pipfile.lock', version }, packages);
}

function pipfilePackage(
  name: string,
  value: unknown,
  indexes: ReadonlyMap<string | undefined, string | undefined>,
): Locked[] {
  if (textAt(value, 'path') !== undefined) return [];
  const git = textAt(value, 'git');
  const vcs = git === undefined ? undefined : vcsSource('git', git, textAt(value, 'ref'));
  const index = textAt(value, 'index');
  return [
    {
      ecosystem: 'pypi',
      name,
      version: textAt(value, 'version')?.replace(/^={2,3}/, ''),
      basis: 'locked',
      hashes: textsAt(value, 'hashes').flatMap(digestOf),
      references: [
        ...(index === undefined ? [] : indexReference(indexes.get(index))),
        ...(vcs?.references ?? []),
      ],
      qualifiers: vcs?.qualifiers ?? {},
    },
  ];
}
