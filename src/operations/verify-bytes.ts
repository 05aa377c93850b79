import type { StatedArtifact, StatedFile } from '../bom/artifacts-of.ts';
import { check, note, type Check } from '../core/check.ts';
import type { Entry, Excluded } from '../core/entry.ts';
import { isMlbomError } from '../core/errors.ts';
import type { Platform } from '../core/image.ts';
import type { FileDetail } from '../core/manifest.ts';
import { compareCodePoints } from '../core/order.ts';
import type { Problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { hashEntries, type HashedFile, type HashingProgress } from '../manifest/hash-entries.ts';
import { locate } from '../manifest/locate.ts';
import { listAll } from './collect-artifact.ts';
import { describeDifference } from './describe-difference.ts';
import { openPlace } from './open-place.ts';
import { parseSource } from './parse-source.ts';
import type { Details } from './sidecar-details.ts';
import { disjointRanges } from './tensor-tables.ts';
import { unreadPlace, verifyImage } from './verify-image.ts';

export interface VerifyBytesOptions {
  readonly artifact: StatedArtifact;
  /** A store, as the user names it. */
  readonly at: string;
  /** The chunk leaves and tensor tables, already bound to the BOM; asked for only when a file differs. */
  readonly details: () => Promise<Details>;
  /** Of several images at the place. */
  readonly platform?: Platform | undefined;
  /** Talk to registries without TLS. */
  readonly plainHttp?: boolean | undefined;
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
  let snapshot;
  try {
    const place = await openPlace(placeOf(options), options);
    if (place.kind === 'image') {
      const { store } = place;
      return await verifyImage({ ...options, store }).finally(() => store.close());
    }
    if (artifact.isImage)
      return [check('bytes', 'fail', 'no image lies here, and an image was signed', { subject: at })];
    const { store } = place;
    snapshot = await snapshotOf(store);
    listed = await listAll(store, signal);
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.code === 'E_USAGE') throw error;
    return [unreadPlace(error, at)];
  }
  const { entries, problems } = listed;
  const stated = new Map(artifact.files.map((file) => [file.path, file]));
  const failures = [
    ...problems.map((problem) => listingCheck(problem, at)),
    ...entries.filter(({ path }) => !stated.has(path)).map(({ path }) => extra(path, at)),
    ...missing(artifact, entries, problems, at),
    ...(await contentChecks(entries, stated, options)),
  ];
  const bytes = artifact.files.reduce((sum, file) => sum + file.size, 0);
  const all = `all ${artifact.files.length} files, ${bytes} bytes, are the signed ones${snapshot}`;
  const result =
    failures.length === 0 ? [check('bytes', 'pass', all, { subject: at })] : capped(failures, at);
  return [...result, ...ignored(listed.excluded, at)];
}

/** Of files the bytes that lie there are meant, and never an image that somebody put among them: that has to be named. */
function placeOf({ at, artifact }: VerifyBytesOptions): string {
  const parsed = parseSource(at);
  return parsed.kind === 'path' && !artifact.isImage ? `dir:${parsed.path}` : at;
}

/** A cache may hold several snapshots: which one was verified belongs in the answer. */
async function snapshotOf(store: Store): Promise<string> {
  const [layout] = await store.facts();
  const commit = layout?.attributes.find(({ name }) => name === 'version')?.value;
  return typeof commit === 'string' ? ` (snapshot ${commit})` : '';
}

/** What differs in the files that are there. */
async function contentChecks(
  entries: readonly Entry[],
  stated: ReadonlyMap<string, StatedFile>,
  options: VerifyBytesOptions,
): Promise<Check[]> {
  const present = entries.filter(({ path }) => stated.has(path));
  const results = await hashEntries(present, { signal: options.signal, onProgress: options.onProgress });
  const failures: Check[] = [];
  for (const [index, result] of results.entries()) {
    const entry = present[index];
    const file = entry && stated.get(entry.path);
    if (!file) continue;
    const failure =
      result.kind === 'problem' ? unread(result, options.at) : await difference(file, entry, result, options);
    if (failure) failures.push(failure);
  }
  return failures;
}

async function difference(
  file: StatedFile,
  entry: Entry,
  hashed: HashedFile,
  options: VerifyBytesOptions,
): Promise<Check | undefined> {
  const subject = placed(options.at, file.path);
  if (entry.link !== undefined && entry.link !== file.link) {
    return check('bytes', 'fail', `a symbolic link to ${entry.link} stands where a file was signed`, {
      subject,
    });
  }
  if (hashed.sha256 === file.sha256 && hashed.size === file.size && hashed.chunkRoot === file.chunkRoot) {
    return undefined;
  }
  return check('bytes', 'fail', `content differs: ${await whereItDiffers(file, entry, hashed, options)}`, {
    subject,
    expected: `sha256:${file.sha256}`,
    actual: `sha256:${hashed.sha256}`,
  });
}

async function whereItDiffers(
  file: StatedFile,
  entry: Entry,
  hashed: HashedFile,
  options: VerifyBytesOptions,
): Promise<string> {
  const detail = (await options.details()).get(file.path);
  if (detail) {
    const digests = await tensorDigests(entry, detail, hashed, options.signal);
    return describeDifference(locate(detail, hashed.leaves, hashed.size, digests));
  }
  const sizes = hashed.size === file.size ? '' : `${hashed.size} bytes instead of ${file.size}; `;
  return `${sizes}no manifest sidecar says in which chunks`;
}

/** A second read, of a file that differs, where the digests of its tensors are known: they name the exact ones. */
async function tensorDigests(
  entry: Entry,
  { size, tensors }: FileDetail,
  hashed: HashedFile,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  if (hashed.size !== size || !tensors?.every((tensor) => tensor.sha256 !== undefined)) return undefined;
  if (!disjointRanges(tensors)) return undefined;
  const [again] = await hashEntries([entry], { signal, tensorRanges: () => tensors });
  return again?.kind === 'hashed' && again.sha256 === hashed.sha256 ? again.tensorDigests : undefined;
}

function missing(
  artifact: StatedArtifact,
  entries: readonly Entry[],
  problems: readonly Problem[],
  at: string,
): Check[] {
  const seen = new Set([...entries, ...problems].map(({ path }) => path));
  return artifact.files
    .filter((file) => !seen.has(file.path))
    .map((file) =>
      check('bytes', 'fail', 'missing: no regular file of that name is there', {
        subject: placed(at, file.path),
        expected: `sha256:${file.sha256}`,
      }),
    );
}

function extra(path: string, at: string): Check {
  return check('bytes', 'fail', 'not part of the signed artifact', { subject: placed(at, path) });
}

/** A link or a device where a file should be is an answer; a directory that cannot be listed is none. */
function listingCheck(problem: Problem, at: string): Check {
  if (problem.code === 'unreadable' || problem.code === 'limit') return unread(problem, at);
  return check('bytes', 'fail', problem.reason, { subject: placed(at, problem.path) });
}

function unread({ path, reason }: Problem, at: string): Check {
  return check('bytes', 'unknown', reason, { subject: placed(at, path) });
}

/** Paths that the artifact does not count are named: nobody should be able to plant one in silence. */
function ignored(excluded: readonly Excluded[], at: string): Check[] {
  return excluded.map(({ path, reason }) =>
    note('ignored', 'unknown', `not examined: ${reason}`, { subject: placed(at, path) }),
  );
}

/** What failed before what is unknown, each by path; of more than anyone reads, the rest is counted. */
function capped(failures: readonly Check[], at: string): Check[] {
  const order = { fail: 0, unknown: 1, pass: 2 };
  const sorted = failures.toSorted(
    (a, b) => order[a.outcome] - order[b.outcome] || compareCodePoints(a.subject ?? '', b.subject ?? ''),
  );
  const next = sorted[mostFailures];
  if (!next) return sorted;
  const rest = `${sorted.length - mostFailures} more files are not as they were signed, or could not be read`;
  return [...sorted.slice(0, mostFailures), check('bytes', next.outcome, rest, { subject: at })];
}

function placed(at: string, path: string): string {
  return path === '.' ? at : `${at}: ${path}`;
}
