import { walk, type Walked } from '../collectors/walk.ts';
import { fileCollectors } from '../collectors/registry.ts';
import { formatDigest } from '../core/digest.ts';
import type { ByteRange, Entry, Excluded, Promised } from '../core/entry.ts';
import type { FileDetail, TensorRecord } from '../core/manifest.ts';
import { contradiction, incomplete, type Problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import type { CollectedArtifact } from '../inventory/collected-artifact.ts';
import { artifactDigest } from '../manifest/artifact-digest.ts';
import { hashEntries, type HashedFile, type HashingProgress } from '../manifest/hash-entries.ts';
import { makeManifest } from '../manifest/manifest.ts';
import { omsRoot } from '../manifest/oms-root.ts';
import { tensorRoot } from '../manifest/tensor-rows.ts';
import { disjointRanges, tensorsByFile } from './tensor-tables.ts';

export interface CollectOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
  /** A SHA-256 of each tensor as well, in the same read. */
  readonly tensorDigests?: boolean | undefined;
}

/** Everything that lies at one place: listed, read by the collectors, and hashed. */
export async function collectArtifact(
  store: Store,
  options: CollectOptions = {},
): Promise<{ artifact: CollectedArtifact; details: FileDetail[] }> {
  const { entries, excluded, problems } = await listAll(store, options.signal);
  const paths = new Set(entries.map(({ path }) => path));
  // What a linked directory shows again was read where it lies: a virtual environment's `lib64` is its `lib`.
  const isAgain = ({ sameAs }: Entry): boolean => sameAs !== undefined && paths.has(sameAs);
  const own = entries.filter((entry) => !isAgain(entry));
  const walking = walk(own, fileCollectors, options.signal);
  const hash = (tables?: TensorTables): Promise<(HashedFile | Problem)[]> =>
    hashEntries(own, {
      signal: options.signal,
      onProgress: options.onProgress,
      tensorRanges: tables && ((entry) => rangesOf(tables.get(entry.path))),
    });
  // Threads hash while this one reads; the tensors have to be known first only where each has its own digest.
  const [walked, hashed] = options.tensorDigests
    ? [await walking, await hash(tablesOf(await walking, entries))]
    : await Promise.all([walking, hash()]);
  const tables = tablesOf(walked, entries);
  const byOwnPath = new Map(hashed.map((result) => [result.path, result]));
  const results = entries.map((entry) => {
    const result = byOwnPath.get(isAgain(entry) ? (entry.sameAs ?? entry.path) : entry.path);
    return result && { ...result, path: entry.path };
  });

  const details: FileDetail[] = [];
  const kept = new Map<string, string[]>();
  const broken: Problem[] = [];
  for (const [index, result] of results.entries()) {
    const entry = entries[index];
    if (!entry || !result) continue;
    if (result.kind === 'problem') {
      broken.push(result);
      continue;
    }
    details.push(detailOf(result, tables.get(result.path)));
    const { honoured, broken: lies } = heldAgainst(entry, result);
    kept.set(entry.path, honoured);
    broken.push(...lies);
  }
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const unhashed = new Set(broken.map((problem) => problem.path));
  // A file that nobody can read is one problem, whoever tried.
  const walkedProblems = walked.problems.filter(
    ({ code, path }) => code !== 'unreadable' || !unhashed.has(path),
  );
  const manifest = makeManifest(details);
  return {
    details,
    artifact: {
      name: store.name,
      files: details.map((detail) => {
        const link = byPath.get(detail.path)?.link;
        return {
          path: detail.path,
          size: detail.size,
          sha256: detail.sha256,
          chunkSize: detail.chunkSize,
          chunkRoot: detail.chunkRoot,
          ...(detail.tensors ? { tensorRoot: tensorRoot(detail.tensors) } : {}),
          ...(link === undefined ? {} : { link }),
          kept: kept.get(detail.path) ?? [],
        };
      }),
      whole: { digest: artifactDigest(manifest), omsRoot: omsRoot(manifest), manifest },
      excluded,
      facts: [...(await store.facts()), ...walked.facts],
      problems: [
        ...problems,
        ...walkedProblems,
        ...broken,
        ...(details.length === 0 ? [nothingThere()] : []),
      ],
      findings: walked.findings,
      lists: walked.lists,
      runs: walked.runs,
      examined: walked.examined,
    },
  };
}

type TensorTables = ReturnType<typeof tensorsByFile>;

function tablesOf({ facts }: Walked, entries: readonly Entry[]): TensorTables {
  return tensorsByFile(facts, new Map(entries.map((entry) => [entry.path, entry.size])));
}

/** The place's whole list, by kind. */
export async function listAll(
  store: Store,
  signal?: AbortSignal,
): Promise<{ entries: Entry[]; excluded: Excluded[]; problems: Problem[] }> {
  const entries: Entry[] = [];
  const excluded: Excluded[] = [];
  const problems: Problem[] = [];
  for await (const item of store.entries(signal)) {
    if (item.kind === 'entry') entries.push(item);
    else if (item.kind === 'excluded') excluded.push(item);
    else problems.push(item);
  }
  return { entries, excluded, problems };
}

function rangesOf(tensors: readonly TensorRecord[] | undefined): readonly ByteRange[] | undefined {
  return tensors && disjointRanges(tensors) ? tensors : undefined;
}

function detailOf(hashed: HashedFile, tensors: readonly TensorRecord[] | undefined): FileDetail {
  const { path, size, sha256, chunkSize, chunkRoot, leaves, tensorDigests } = hashed;
  const file = { path, size, sha256, chunkSize, chunkRoot, leaves };
  if (!tensors) return file;
  if (!tensorDigests) return { ...file, tensors };
  return {
    ...file,
    tensors: tensors.map((tensor, index) => {
      const digest = tensorDigests[index];
      return digest === undefined ? tensor : { ...tensor, sha256: digest };
    }),
  };
}

/** The claims of the place against the bytes: those that hold, and a problem for each that does not. */
function heldAgainst(entry: Entry, hashed: HashedFile): { honoured: string[]; broken: Problem[] } {
  const honoured: string[] = [];
  const broken: Problem[] = [];
  for (const promised of entry.promises) {
    const actual = actualDigest(promised, hashed);
    const claim = `${promised.by} ${formatDigest(promised)}`;
    if (actual === promised.hex) honoured.push(claim);
    else {
      broken.push(
        contradiction(
          'promise-broken',
          entry.path,
          `${claim}, but the bytes have ${actual ?? 'another digest'}`,
        ),
      );
    }
  }
  return { honoured, broken };
}

function actualDigest(promised: Promised, hashed: HashedFile): string | undefined {
  if (promised.algorithm === 'sha256') return hashed.sha256;
  return promised.algorithm === 'git-blob-sha1' ? hashed.gitBlobSha1 : undefined;
}

function nothingThere(): Problem {
  return incomplete('empty', '.', 'there is no file that could be described');
}
