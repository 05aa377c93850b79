import { isObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { digestOf, distributionReference, indexReference, vcsSource, type Locked } from './locked.ts';

type Table = Readonly<Record<string, unknown>>;

/** The tables of an array of tables; anything else in it is passed over. */
function tablesAt(table: unknown, ...names: string[]): Table[] {
  const found = valueAt(table, ...names);
  return Array.isArray(found) ? found.filter((each): each is Table => isObject(each)) : [];
}

/** uv's `uv.lock` and `script.py.lock` (docs.astral.sh/uv/concepts/projects/layout). Projects of its own are no packages. */
export function* uvPackages(lock: Table): Generator<Locked> {
  for (const each of tablesAt(lock, 'package')) {
    const own = ['editable', 'virtual', 'directory', 'path'].some(
      (kind) => valueAt(each, 'source', kind) !== undefined,
    );
    if (own) continue;
    const files = [...tablesAt(each, 'wheels'), valueAt(each, 'sdist')];
    const hashes = files.flatMap((file) => digestOf(valueAt(file, 'hash')));
    const [, git, commit] =
      /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(textAt(each, 'source', 'git') ?? '') ?? [];
    const vcs = git ? vcsSource('git', git, commit) : undefined;
    yield {
      ...named(each),
      hashes,
      references: [
        ...indexReference(textAt(each, 'source', 'registry')),
        ...distributionReference(textAt(each, 'source', 'url'), hashes),
        ...(vcs?.references ?? []),
      ],
      qualifiers: vcs?.qualifiers ?? {},
      needs: tablesAt(each, 'dependencies').flatMap((need) => textAt(need, 'name') ?? []),
    };
  }
}

/** Poetry's lock; until 1.2 the digests stand together in `metadata.files`. */
export function* poetryPackages(lock: Table): Generator<Locked> {
  for (const each of tablesAt(lock, 'package')) {
    const kind = textAt(each, 'source', 'type');
    if (kind === 'directory' || kind === 'file') continue;
    const { name } = named(each);
    const files = [...tablesAt(each, 'files'), ...tablesAt(lock, 'metadata', 'files', name)];
    const hashes = files.flatMap((file) => digestOf(valueAt(file, 'hash')));
    const url = textAt(each, 'source', 'url');
    const vcs =
      kind === 'git' ? vcsSource('git', url, textAt(each, 'source', 'resolved_reference')) : undefined;
    const needs = valueAt(each, 'dependencies');
    yield {
      ...named(each),
      hashes,
      references: [
        ...(kind === 'legacy' ? indexReference(url) : []),
        ...(kind === 'url' ? distributionReference(url, hashes) : []),
        ...(vcs?.references ?? []),
      ],
      qualifiers: vcs?.qualifiers ?? {},
      needs: isObject(needs) ? Object.keys(needs) : [],
    };
  }
}

/** PDM's lock. A package with extras stands there once more, without files. */
export function* pdmPackages(lock: Table): Generator<Locked> {
  for (const each of tablesAt(lock, 'package')) {
    if (textAt(each, 'path') !== undefined) continue;
    const { name } = named(each);
    const files = [...tablesAt(each, 'files'), ...tablesAt(lock, 'metadata', 'files', name)];
    const hashes = files.flatMap((file) => digestOf(valueAt(file, 'hash')));
    const git = textAt(each, 'git');
    const vcs = git === undefined ? undefined : vcsSource('git', git, textAt(each, 'revision'));
    yield {
      ...named(each),
      hashes,
      references: [...distributionReference(textAt(each, 'url'), hashes), ...(vcs?.references ?? [])],
      qualifiers: vcs?.qualifiers ?? {},
      needs: textsAt(each, 'dependencies').flatMap((need) => /^[\w.-]{1,255}/.exec(need)?.[0] ?? []),
    };
  }
}

/** `pylock.toml` (PyPA "pylock.toml specification", PEP 751). */
export function* pylockPackages(lock: Table): Generator<Locked> {
  for (const each of tablesAt(lock, 'packages')) {
    if (valueAt(each, 'directory') !== undefined) continue;
    const files = [...tablesAt(each, 'wheels'), valueAt(each, 'sdist'), valueAt(each, 'archive')];
    const hashes = files.flatMap(hashesOf);
    const archive = valueAt(each, 'archive');
    const vcs = isObject(valueAt(each, 'vcs'))
      ? vcsSource(
          textAt(each, 'vcs', 'type') ?? 'git',
          textAt(each, 'vcs', 'url'),
          textAt(each, 'vcs', 'commit-id'),
        )
      : undefined;
    yield {
      ...named(each),
      hashes,
      references: [
        ...indexReference(textAt(each, 'index')),
        ...distributionReference(textAt(archive, 'url'), hashesOf(archive)),
        ...(vcs?.references ?? []),
      ],
      qualifiers: vcs?.qualifiers ?? {},
      needs: tablesAt(each, 'dependencies').flatMap((need) => textAt(need, 'name') ?? []),
    };
  }
}

function hashesOf(file: unknown): ReturnType<typeof digestOf> {
  const hashes = valueAt(file, 'hashes');
  return isObject(hashes)
    ? Object.entries(hashes).flatMap(([name, hex]) =>
        digestOf(typeof hex === 'string' ? `${name}:${hex}` : undefined),
      )
    : [];
}

function named(each: Table): {
  ecosystem: 'pypi';
  name: string;
  version: string | undefined;
  basis: 'locked';
} {
  return {
    ecosystem: 'pypi',
    name: textAt(each, 'name') ?? '',
    version: textAt(each, 'version'),
    basis: 'locked',
  };
}
