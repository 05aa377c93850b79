import type { ByteSource } from '../../core/entry.ts';
import { isMlbomError, messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { PagedReader } from '../paged-reader.ts';
import { readAttribute, type Hdf5Value } from './attributes.ts';
import { readDataset, type Hdf5Dataset } from './dataset.ts';
import { globalHeap, type GlobalHeap } from './global-heap.ts';
import { denseMessages } from './dense-storage.ts';
import { hdf5Error } from './hdf5-error.ts';
import { readLink, readSymbolTable, type Hdf5Link } from './links.ts';
import {
  messageBody,
  messageTypes,
  readObjectHeader,
  type HeaderMessage,
  type Hdf5File,
} from './object-header.ts';
import { readSuperblock } from './superblock.ts';

export type { Hdf5Dataset } from './dataset.ts';
export type { Hdf5Scalar, Hdf5Value } from './attributes.ts';

/** An HDF5 file by its structure; the elements of datasets are not read. */
export interface Hdf5 {
  /** Version of the superblock. */
  readonly version: number;
  /** Attributes of the root group that are numbers or text. */
  readonly attributes: ReadonlyMap<string, Hdf5Value>;
  /** In the order in which groups name them. */
  readonly datasets: readonly Hdf5Dataset[];
  readonly groups: number;
  /** Links that lead into other files. */
  readonly externalLinks: readonly {
    readonly path: string;
    readonly file: string;
    readonly target: string;
  }[];
  /** Names that stand for other paths of the file. */
  readonly softLinks: readonly { readonly path: string; readonly target: string }[];
  /** What is there and was not read, with its reason. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

interface Walk {
  readonly file: Hdf5File;
  readonly heap: GlobalHeap;
  readonly attributes: Map<string, Hdf5Value>;
  readonly datasets: Hdf5Dataset[];
  readonly externalLinks: { path: string; file: string; target: string }[];
  readonly softLinks: { path: string; target: string }[];
  readonly unread: { path: string; reason: string }[];
  readonly pending: { readonly path: string; readonly address: number }[];
  groups: number;
  links: number;
}

/**
 * Describes an HDF5 file (HDF5 File Format Specification 3.0): superblocks 0 to 3, object headers of both versions,
 * groups as symbol tables, as link messages and in dense storage, the attributes of the root group, and where datasets
 * lie. Memory grows with the number of objects alone.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readHdf5(source: ByteSource): Promise<Hdf5> {
  const reader = new PagedReader(source, 'hdf5');
  const file: Hdf5File = { ...(await readSuperblock(reader)), reader };
  const walk: Walk = {
    file,
    heap: globalHeap(file),
    attributes: new Map(),
    datasets: [],
    externalLinks: [],
    softLinks: [],
    unread: [],
    pending: [{ path: '', address: file.root }],
    groups: 0,
    links: 0,
  };
  // An object with several names is looked at under the first; so no circle is walked twice.
  const seen = new Set<number>();
  for (let next = walk.pending.pop(); next; next = walk.pending.pop()) {
    if (seen.has(next.address)) continue;
    seen.add(next.address);
    if (seen.size > limits.hdf5Objects) throw hdf5Error('E_LIMIT', 'objects', 'too many groups and datasets');
    await visit(walk, next.path, next.address);
  }
  const { attributes, datasets, externalLinks, softLinks, unread, groups } = walk;
  return { version: file.version, attributes, datasets, groups, externalLinks, softLinks, unread };
}

async function visit(walk: Walk, path: string, address: number): Promise<void> {
  const messages = await readObjectHeader(walk.file, address);
  if (messages.some(({ type }) => type === messageTypes.layout)) {
    walk.datasets.push(await readDataset(walk.file, path, messages, walk.heap));
    return;
  }
  if (messages.some(({ type }) => groupTypes.has(type))) {
    walk.groups++;
    await readGroup(walk, path, messages);
  }
  if (path === '') await readAttributes(walk, messages);
}

const groupTypes: ReadonlySet<number> = new Set([
  messageTypes.symbolTable,
  messageTypes.linkInfo,
  messageTypes.link,
]);

async function readGroup(walk: Walk, path: string, messages: readonly HeaderMessage[]): Promise<void> {
  const { file } = walk;
  const found: Hdf5Link[] = [];
  for (const message of messages) {
    if (message.type === messageTypes.symbolTable) {
      for await (const link of readSymbolTable(file, message)) found.push(counted(walk, link));
    } else if (message.type === messageTypes.link) {
      found.push(counted(walk, readLink(file, await messageBody(file, message))));
    } else if (message.type === messageTypes.linkInfo) {
      for await (const { body } of denseMessages(file, message)) {
        if (body) found.push(counted(walk, readLink(file, body)));
        else walk.unread.push({ path, reason: 'a name that is too long for the heap of the group' });
      }
    }
  }
  // The last of them is taken up first.
  for (const link of found.reverse()) keepLink(walk, path, link);
}

function counted(walk: Walk, link: Hdf5Link): Hdf5Link {
  walk.links++;
  if (walk.links > limits.hdf5Objects) throw hdf5Error('E_LIMIT', 'objects', 'too many names');
  return link;
}

function keepLink(walk: Walk, parent: string, link: Hdf5Link): void {
  const path = parent === '' ? link.name : `${parent}/${link.name}`;
  if (path.length > limits.hdf5NameBytes) throw hdf5Error('E_LIMIT', 'path', 'a path that is too long');
  if (link.kind === 'hard') walk.pending.push({ path, address: link.address });
  else if (link.kind === 'external') walk.externalLinks.push({ path, file: link.file, target: link.target });
  else if (link.kind === 'soft') walk.softLinks.push({ path, target: link.target });
  else walk.unread.push({ path, reason: `a link of the kind ${link.type}, which a plugin would follow` });
}

/** An attribute that cannot be read costs no other; half the facts about a model stand there. */
async function readAttributes(walk: Walk, messages: readonly HeaderMessage[]): Promise<void> {
  const { file } = walk;
  for (const message of messages) {
    if (message.type === messageTypes.attribute) {
      await keepAttribute(walk, () => messageBody(file, message));
    } else if (message.type === messageTypes.attributeInfo) {
      for await (const { body, shared } of denseMessages(file, message)) {
        if (body && !shared) await keepAttribute(walk, () => Promise.resolve(body));
        else walk.unread.push({ path: '', reason: 'an attribute that is shared or too large for its heap' });
      }
    }
  }
}

async function keepAttribute(walk: Walk, body: () => Promise<Uint8Array>): Promise<void> {
  try {
    const { name, value } = await readAttribute(walk.file, await body(), walk.heap);
    if (value !== undefined) walk.attributes.set(name, value);
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_UNREADABLE') throw error;
    walk.unread.push({ path: '', reason: `an attribute: ${messageOf(error)}` });
  }
}
