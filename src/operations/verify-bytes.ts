import type { StatedArtifact, StatedFile } from '../bom/artifacts-of.ts';
import type { Check } from '../core/check.ts';
import type { Entry, Excluded } from '../core/entry.ts';
import { isMlbomError } from '../core/errors.ts';
import type { FileDetail } from '../core/manifest.ts';
import type { Problem } from '../core/problem.ts';
import { hashEntries, type HashedFile, type HashingProgress } from '../manifest/hash-entries.ts';
import { locate } from '../manifest/locate.ts';
import { listAll } from './collect-artifact.ts';
import { describeDifference } from './describe-difference.ts';
import { openSource } from './open-source.ts';

export interface VerifyBytesOptions {
  readonly artifact: StatedArtifact;
  /** A store, as the user names it. */
  readonly at: string;
  /** The chunk leaves and tensor tables, already bound to the BOM, by path. */
  readonly details: ReadonlyMap<string, FileDetail>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

/** Failing files that are reported one by one; the rest are counted. */
const mostFailures = 200;

/**
 * Reads every byte at a place and holds it against the artifact. One check where all is well, one for each file
 * that is not; what the place holds beside the artifact fails too.
 */
export async function verifyBytes(options: VerifyBytesOptions): Promise<Check[]> {
  const { at, artifact, signal } = options;
  let listed;
  try {
    listed = await listAll(await openSource(at), signal);
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.code === 'E_USAGE') throw error;
    return [check('unknown', at, `cannot be read: ${error.message}`)];
  }
  const stated = new Map(artifact.files.map((file) => [file.path, file]));
  const present = listed.entries.filter((entry) => stated.has(entry.path));
  const results = await hashEntries(present, { signal, onProgress: options.onProgress });
  const failures: Check[] = [
    ...listed.problems.map((problem) => listingCheck(problem, at)),
    ...listed.entries.filter((entry) => !stated.has(entry.path)).map((entry) => extra(entry, at)),
    ...missing(artifact, listed.entries, listed.problems, at),
  ];
  for (const [index, result] of results.entries()) {
    const entry = present[index];
    const file = entry && stated.get(entry.path);
    if (!file) continue;
    const failure =
      result.kind === 'problem' ? unreadable(result, at) : await difference(file, entry, result, options);
    if (failure) failures.push(failure);
  }
  const bytes = artifact.files.reduce((sum, file) => sum + file.size, 0);
  const all = `${artifact.files.length} files, ${bytes} bytes`;
  const passed = check('pass', at, `all bytes were read and are the signed ones: ${all}`);
  return [...(failures.length === 0 ? [passed] : capped(failures, at)), ...ignored(listed.excluded, at)];
}

/** What differs in one file that is there, or undefined. */
async function difference(
  file: StatedFile,
  entry: Entry,
  hashed: HashedFile,
  { at, details, signal }: VerifyBytesOptions,
): Promise<Check | undefined> {
  if (entry.link !== undefined && entry.link !== file.link) {
    return {
      ...check(
        'fail',
        placed(at, file.path),
        `a symbolic link to ${entry.link} stands where a file was signed`,
      ),
    };
  }
  if (hashed.sha256 === file.sha256 && hashed.size === file.size && hashed.chunkRoot === file.chunkRoot)
    return undefined;
  const detail = details.get(file.path);
  let where = 'no manifest sidecar was given that could say where';
  if (detail) {
    const digests = await tensorDigests(entry, detail, hashed, signal);
    where = describeDifference(locate(detail, hashed.leaves, hashed.size, digests));
  }
  return {
    ...check('fail', placed(at, file.path), `content differs: ${where}`),
    expected: `sha256:${file.sha256}`,
    actual: `sha256:${hashed.sha256}`,
  };
}

/** A second read, of a file that differs, where the digests of its tensors are known: they name the exact ones. */
async function tensorDigests(
  entry: Entry,
  detail: FileDetail,
  hashed: HashedFile,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  const { tensors } = detail;
  if (hashed.size !== detail.size || !tensors?.every((tensor) => tensor.sha256 !== undefined))
    return undefined;
  const [again] = await hashEntries([entry], { signal, tensorRanges: () => tensors });
  return again?.kind === 'hashed' && again.sha256 === hashed.sha256 ? again.tensorDigests : undefined;
}

function missing(
  artifact: StatedArtifact,
  entries: readonly Entry[],
  problems: readonly Problem[],
  at: string,
): Check[] {
  const seen = new Set(entries.map((entry) => entry.path));
  const explained = new Set(problems.map((problem) => problem.path));
  return artifact.files
    .filter((file) => !seen.has(file.path) && !explained.has(file.path))
    .map((file) => ({
      ...check('fail', placed(at, file.path), 'missing: no regular file of that name is there'),
      expected: `sha256:${file.sha256}`,
    }));
}

function extra(entry: Entry, at: string): Check {
  return check('fail', placed(at, entry.path), 'not part of the signed artifact');
}

/** A link or a device where a file should be is an answer; a directory that cannot be listed is none. */
function listingCheck(problem: Problem, at: string): Check {
  const undecided = problem.code === 'unreadable' || problem.code === 'limit';
  return check(
    undecided ? 'unknown' : 'fail',
    placed(at, problem.path),
    `${problem.code}: ${problem.reason}`,
  );
}

function unreadable(problem: Problem, at: string): Check {
  return check('unknown', placed(at, problem.path), `${problem.code}: ${problem.reason}`);
}

/** Paths that the artifact does not count are named: nobody should be able to plant one in silence. */
function ignored(excluded: readonly Excluded[], at: string): Check[] {
  return excluded.map(({ path, reason }) => ({
    id: 'ignored',
    outcome: 'pass',
    required: false,
    subject: placed(at, path),
    why: `not examined: ${reason}`,
  }));
}

function capped(failures: readonly Check[], at: string): Check[] {
  const order = { fail: 0, unknown: 1, pass: 2 };
  const sorted = failures.toSorted((a, b) => order[a.outcome] - order[b.outcome]);
  if (sorted.length <= mostFailures) return sorted;
  const rest = sorted.length - mostFailures;
  return [
    ...sorted.slice(0, mostFailures),
    check('fail', at, `${rest} more files are not as they were signed`),
  ];
}

function check(outcome: Check['outcome'], subject: string, why: string): Check {
  return { id: 'bytes', outcome, required: true, subject, why };
}

function placed(at: string, path: string): string {
  return path === '.' ? at : `${at}: ${path}`;
}
