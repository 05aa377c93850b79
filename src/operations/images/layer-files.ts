import { fileCollectors } from '../../collectors/registry.ts';
import { walk } from '../../collectors/walk.ts';
import type { Promised } from '../../core/entry.ts';
import type { LayerEntry, LayerReading, LayerResult, LayerTask } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { incomplete } from '../../core/problem.ts';
import type { TarSink } from '../../formats/tar/tar-stream.ts';
import type { TarMember } from '../../formats/tar/tar-member.ts';
import { hubBlob, hubBlobOf } from './hub-cache.ts';
import { hasFirst, keptEntry, readKept, type KeptContent, type KeptPart } from './kept-content.ts';
import {
  bytesFor,
  createPassingFile,
  passWhole,
  wantersOf,
  type PassedFile,
  type PassingFile,
  type PassingOptions,
} from './passing-file.ts';
import {
  anomalous,
  brokenPromise,
  badRoot,
  duplicateName,
  hiddenFile,
  unplaced,
  unreadAlias,
  unshownBytes,
} from './layer-problems.ts';
import { layerName, nameCounter, pathInLayer } from './path-in-layer.ts';
import { problemList } from './problem-list.ts';
import type { Spool } from './spool.ts';

export interface LayerFilesOptions {
  readonly task: Pick<LayerTask, 'describe' | 'chunks'>;
  readonly spool: Spool;
  /** Any part of the unpacked layer, where it lies unpacked on this machine. */
  readonly random?: ((offset: number, length: number) => Uint8Array) | undefined;
}

export type FoundInLayer = Pick<LayerResult, 'entries' | 'whiteouts' | 'opaque' | 'readings' | 'problems'>;

/** A name under which a file has to be read that is not kept any more. */
export interface UnreadAlias {
  readonly path: string;
  readonly target: string;
  /** Of the file, as it was seen. */
  readonly sha256: string;
  readonly promises: readonly Promised[];
}

/** Takes the members of a layer, and has what is wanted of them read. */
export interface LayerFiles extends TarSink {
  /** True when files wait to be read: they keep memory. */
  readonly waiting: boolean;
  /** Has them read. @throws MlbomError `E_ABORTED` */
  read(signal: AbortSignal | undefined): Promise<void>;
  /** After the last member: reads what the layer knows under other names. Returns the names that need another pass. */
  readAliases(signal: AbortSignal | undefined): Promise<readonly UnreadAlias[]>;
  /** Reads a file under a name that waited for it. */
  readAlias(alias: UnreadAlias, content: KeptContent, signal: AbortSignal | undefined): Promise<void>;
  found(unread: readonly UnreadAlias[]): FoundInLayer;
}

/** A file of this layer that others may be another name of. */
interface Target {
  readonly file: FileEntry;
  /** Where the spool has the beginning, or the layer the whole. */
  place?: number;
  kept?: KeptContent;
}

type FileEntry = LayerEntry & { readonly sha256: string };

interface Waiting {
  readonly path: string;
  readonly content: KeptContent;
  readonly promises: readonly Promised[];
  /** Called when it was read. */
  readonly rest?: () => unknown;
}

/** A blob of the Hub's cache, which is read under the names that lead to it. */
interface HubBlob {
  readonly promised: Promised;
  readonly wanted: boolean;
  aliased: boolean;
}

interface Current {
  readonly member: TarMember;
  /** Of a file. */
  readonly path?: string;
  readonly hidden?: boolean;
  /** What had its name before. */
  readonly before?: LayerEntry | undefined;
  file?: PassingFile;
  passed?: PassedFile;
}

export function createLayerFiles({ task, spool, random }: LayerFilesOptions): LayerFiles {
  const entries = new Map<string, LayerEntry>();
  const targets = new Map<string, Target>();
  const readings = new Map<string, LayerReading>();
  const blobs = new Map<string, HubBlob>();
  const whiteouts = new Set<string>();
  const opaque = new Set<string>();
  /** Files that only hard links show. */
  const unshown = new Set<string>();
  const problems = problemList();
  const unread: UnreadAlias[] = [];
  let queue: Waiting[] = [];
  let current: Current | undefined;
  const countNames = nameCounter();

  return {
    get waiting() {
      return queue.length > 0;
    },
    member(member) {
      countNames(member);
      const name = layerName(member.name);
      current = { member };
      if (name.kind === 'refused') problems.add(unplaced(member, name));
      else if (name.kind === 'whiteout' || name.kind === 'opaque') {
        (name.kind === 'opaque' ? opaque : whiteouts).add(name.path);
        problems.add(...unshownBytes(member, name.path));
      } else if (name.path === '.') problems.add(...badRoot(member));
      else if (member.type === 'file') {
        const before = forget(name.path);
        current = { member, path: name.path, hidden: name.kind === 'hidden', before };
      } else if (name.kind === 'path') addOther(member, name.path);
      else problems.add(...unshownBytes(member, name.path));
    },
    data(bytes) {
      if (current?.path === undefined) return;
      const { member, path } = current;
      if (bytes.length === member.size) current.passed = passWhole(passing(member, path), bytes);
      else (current.file ??= createPassingFile(passing(member, path))).add(bytes);
    },
    end() {
      if (current?.path === undefined) return;
      const { member, path, hidden, file, before } = current;
      const passed = current.passed ?? file?.end() ?? passWhole(passing(member, path), new Uint8Array());
      endFile(path, member, passed, hidden === true);
      if (before) problems.add(duplicateName(before, passed.sha256));
      current = undefined;
    },
    anomaly(anomaly) {
      problems.add(...anomalous(anomaly));
    },
    read,
    async readAliases(signal) {
      await read(signal);
      if (task.describe) {
        for (const { path, type, link } of entries.values()) {
          if (type === 'link' && link !== undefined) await readFromHub(path, link, signal);
        }
        for (const [path, { wanted, aliased, promised }] of blobs) {
          const target = targets.get(path);
          if (wanted && !aliased && target) await readOne(path, contentOf(target), [promised], signal);
        }
      }
      return unread;
    },
    readAlias: ({ path, promises }, content, signal) => readOne(path, content, promises, signal),
    found(missing) {
      for (const { path, target } of missing) problems.add(unreadAlias(path, target));
      for (const path of unshown) problems.add(hiddenFile(path));
      return {
        entries: [...entries.values()],
        whiteouts: [...whiteouts],
        opaque: [...opaque],
        readings: [...readings.values()],
        problems: problems.all(),
      };
    },
  };

  async function read(signal: AbortSignal | undefined): Promise<void> {
    const list = queue;
    queue = [];
    for (const { path, content, promises } of list) await readOne(path, content, promises, signal);
    // Only now: a file and its other names may stand in one list.
    for (const { rest } of list) rest?.();
  }

  /** A blob of the Hub's cache under the name that a snapshot gives it. */
  async function readFromHub(path: string, link: string, signal: AbortSignal | undefined): Promise<void> {
    const place = hubBlobOf(path, link);
    const blob = place === undefined ? undefined : blobs.get(place);
    if (place === undefined || !blob) return;
    blob.aliased = true;
    addAlias(path, place, [blob.promised]);
    await read(signal);
  }

  function passing({ size }: TarMember, path: string): PassingOptions {
    const promised = hubBlob(path);
    return {
      path,
      size,
      describe: task.describe,
      keep: promised !== undefined,
      chunks: task.chunks ?? 'weights',
      gitBlob: promised?.algorithm === 'git-blob-sha1',
      spool: random ? undefined : spool,
    };
  }

  function endFile(path: string, { size, offset }: TarMember, passed: PassedFile, hidden: boolean): void {
    const { sha256, chunkSize, chunkRoot, wanted, capture } = passed;
    const chunks = chunkSize === undefined || chunkRoot === undefined ? {} : { chunkSize, chunkRoot };
    const entry: FileEntry = { path, type: 'file', size, sha256, ...chunks };
    const target: Target = { file: entry };
    const promised = hubBlob(path);
    if (promised) problems.add(...brokenPromise(promised, passed, path));
    targets.set(path, target);
    if (unshown.has(path)) problems.add(hiddenFile(path));
    if (!hidden) entries.set(path, entry);
    else if (size > 0) unshown.add(path);
    if (promised && !hidden) blobs.set(path, { promised, wanted, aliased: false });
    if (random) target.place = offset;
    // Nothing was read yet of what is read under other names, nor of what nobody wants.
    if (!task.describe || promised || hidden || !wanted) {
      if (!random) settle(target, passed);
      return;
    }
    const content = capture?.content() ?? contentOf(target);
    target.kept = content;
    const rest = capture && (() => (target.kept = capture.rest()));
    queue.push({ path, content, promises: [], ...(rest ? { rest } : {}) });
  }

  /** Remembers of a file what may be asked for under another name. */
  function settle(target: Target, { capture, head }: PassedFile): void {
    if (capture) target.kept = capture.rest();
    else if (task.describe) {
      const place = spool.keep(head);
      if (place !== undefined) target.place = place;
    }
  }

  function contentOf({ file: { size }, kept, place }: Target): KeptContent {
    if (kept) return kept;
    if (place === undefined) return { size, parts: [] };
    const part = random
      ? randomPart(random, place, size)
      : spool.kept(place, Math.min(size, limits.headBytes));
    return { size, parts: [part] };
  }

  function addOther(member: TarMember, path: string): void {
    const { type, link, size } = member;
    if (type !== 'sparse') problems.add(...unshownBytes(member, path));
    // Directories that are listed again only change their owners and times.
    if (type === 'directory' && entries.get(path)?.type === 'directory') return;
    const before = forget(path);
    if (before) problems.add(duplicateName(before));
    switch (type) {
      case 'directory':
        entries.set(path, { path, type, size: 0 });
        return;
      case 'link':
        entries.set(path, { path, type, size: 0, ...(link === undefined ? {} : { link }) });
        return;
      case 'hard-link':
        addHardLink(path, link ?? '');
        return;
      case 'sparse':
        problems.add(incomplete('unsupported', path, 'a sparse file, whose bytes were not put together'));
        entries.set(path, { path, type: 'file', size });
        return;
      default:
        entries.set(path, { path, type: 'other', size: 0 });
    }
  }

  /** One of a file of a layer below says nothing of its content. */
  function addHardLink(path: string, link: string): void {
    const place = pathInLayer(link);
    const target = place === undefined ? undefined : targets.get(place);
    if (place === undefined || link.includes('\0')) {
      problems.add(incomplete('path-escapes', path, 'a hard link that leads out of the root'));
      return;
    }
    entries.set(path, { size: 0, ...target?.file, path, type: 'hard-link', link });
    if (!target) return;
    unshown.delete(place);
    targets.set(path, target);
    if (task.describe) addAlias(path, place, []);
  }

  /** Has a file read under another name, if somebody wants it by that. */
  function addAlias(path: string, place: string, promises: readonly Promised[]): void {
    const target = targets.get(place);
    if (!target) return;
    const { file } = target;
    const content = contentOf(target);
    const head = headOf(content);
    const readers = head && wantersOf(path, file.size, head);
    if (readers?.length === 0) return;
    const isEnough = readers && hasFirst(content, bytesFor(readers, file.size));
    if (isEnough) queue.push({ path, content, promises });
    else unread.push({ path, target: place, sha256: file.sha256, promises });
  }

  /** Of a name that stands twice the last counts. Returns the one before it. */
  function forget(path: string): LayerEntry | undefined {
    targets.delete(path);
    const before = entries.get(path);
    if (!before) return undefined;
    entries.delete(path);
    readings.delete(path);
    blobs.delete(path);
    queue = queue.filter((waiting) => waiting.path !== path);
    return before;
  }

  async function readOne(
    path: string,
    content: KeptContent,
    promises: readonly Promised[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { examined, ...walked } = await walk([keptEntry(path, content, promises)], fileCollectors, signal);
    const reading: LayerReading = { path, ...walked, examined: examined.get(path) ?? [] };
    const { facts, problems: told, findings, lists, runs } = reading;
    if ([facts, told, findings, lists, runs, reading.examined].some(({ length }) => length > 0)) {
      readings.set(path, reading);
    }
  }
}

function headOf(content: KeptContent): Uint8Array | undefined {
  try {
    return readKept(content, { offset: 0, length: Math.min(content.size, limits.headBytes) });
  } catch {
    return undefined;
  }
}

function randomPart(
  random: (offset: number, length: number) => Uint8Array,
  start: number,
  length: number,
): KeptPart {
  return { start: 0, length, read: (offset, count) => random(start + offset, count) };
}
