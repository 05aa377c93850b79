import { limits } from '../../core/limits.ts';
import { decodeText, Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import { isText, messageBody, type HeaderMessage, type Hdf5File } from './object-header.ts';

/** A name in a group: an object, another path of the same file, or a path of another file. */
export type Hdf5Link = { readonly name: string } & (
  | { readonly kind: 'hard'; readonly address: number }
  | { readonly kind: 'soft'; readonly target: string }
  | { readonly kind: 'external'; readonly file: string; readonly target: string }
  /** Of a kind that somebody registered. */
  | { readonly kind: 'other'; readonly type: number }
);

interface LocalHeap {
  /** Of its data, in the file. */
  readonly offset: number;
  readonly length: number;
}

/** The link of the body of a link message (IV.A.2.g). */
export function readLink(file: Hdf5File, body: Uint8Array): Hdf5Link {
  const cursor = new Hdf5Cursor(body, file);
  const version = cursor.u8();
  if (version !== 1) throw hdf5Error('E_UNSUPPORTED', 'link', `a link of version ${version}`);
  const flags = cursor.u8();
  const type = flags & 0x08 ? cursor.u8() : 0;
  if (flags & 0x04) cursor.skip(8);
  if (flags & 0x10) cursor.skip(1);
  const name = decodeText(cursor.bytes(cursor.uint(2 ** (flags & 3))));
  if (type === 0) {
    const address = cursor.address();
    if (address === undefined) throw hdf5Error('E_MALFORMED', 'link', 'a link to nowhere');
    return { name, kind: 'hard', address };
  }
  const value = new Hdf5Cursor(cursor.bytes(cursor.u16()), file);
  if (type === 1) return { name, kind: 'soft', target: decodeText(value.bytes(value.remaining)) };
  if (type !== 64) return { name, kind: 'other', type };
  value.skip(1);
  return { name, kind: 'external', file: value.textToNul(), target: value.textToNul() };
}

/** The links of a symbol table message (IV.A.2.r): a B-tree over symbol nodes, with the names in a local heap. */
export async function* readSymbolTable(file: Hdf5File, message: HeaderMessage): AsyncGenerator<Hdf5Link> {
  const cursor = new Hdf5Cursor(await messageBody(file, message), file);
  const tree = cursor.address();
  const heapAddress = cursor.address();
  if (tree === undefined || heapAddress === undefined) return;
  const heap = await readLocalHeap(file, heapAddress);
  for await (const node of symbolNodes(file, tree)) yield* symbolsOf(file, node, heap);
}

/** The text at `offset` of a local heap (III.D). */
export async function heapText(file: Hdf5File, heapAddress: number, offset: number): Promise<string> {
  return textAt(file, await readLocalHeap(file, heapAddress), offset);
}

async function readLocalHeap(file: Hdf5File, address: number): Promise<LocalHeap> {
  const start = file.base + address;
  const bytes = await file.reader.bytes(start, 8 + 2 * file.lengthBytes + file.offsetBytes);
  const cursor = new Hdf5Cursor(bytes, file);
  if (!isText(cursor.bytes(4), 'HEAP')) throw hdf5Error('E_MALFORMED', 'heap', 'no local heap', start);
  cursor.skip(4);
  const length = cursor.length();
  cursor.length();
  const data = cursor.address();
  if (data === undefined) throw hdf5Error('E_MALFORMED', 'heap', 'a local heap without data', start);
  await file.reader.bytes(file.base + data + length, 0);
  return { offset: file.base + data, length };
}

/** Addresses of the symbol nodes of a B-tree of version 1 (III.A.1), in order. */
async function* symbolNodes(file: Hdf5File, root: number): AsyncGenerator<number> {
  const seen = new Set<number>();
  const pending: { address: number; depth: number }[] = [{ address: root, depth: 0 }];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const start = file.base + node.address;
    if (seen.has(node.address))
      throw hdf5Error('E_MALFORMED', 'tree', 'a tree that leads in a circle', start);
    seen.add(node.address);
    if (node.depth > limits.hdf5TreeDepth || seen.size > limits.hdf5Objects)
      throw hdf5Error('E_LIMIT', 'tree', 'a tree that is too large', start);
    const { level, children } = await readTreeNode(file, start);
    if (level === 0) yield* children;
    else for (const address of children.reverse()) pending.push({ address, depth: node.depth + 1 });
  }
}

async function readTreeNode(file: Hdf5File, start: number): Promise<{ level: number; children: number[] }> {
  const header = new Hdf5Cursor(await file.reader.bytes(start, 8 + 2 * file.offsetBytes), file);
  if (!isText(header.bytes(4), 'TREE') || header.u8() !== 0)
    throw hdf5Error('E_MALFORMED', 'tree', 'no node of a group tree', start);
  const level = header.u8();
  const used = header.u16();
  header.skip(2 * file.offsetBytes);
  const size = used * (file.lengthBytes + file.offsetBytes);
  const entries = new Hdf5Cursor(await file.reader.bytes(start + header.position, size), file);
  const children: number[] = [];
  for (let i = 0; i < used; i++) {
    entries.length();
    const child = entries.address();
    if (child !== undefined) children.push(child);
  }
  return { level, children };
}

/** The entries of a symbol node (III.B, III.C). */
async function* symbolsOf(file: Hdf5File, address: number, heap: LocalHeap): AsyncGenerator<Hdf5Link> {
  const start = file.base + address;
  const header = new Hdf5Cursor(await file.reader.bytes(start, 8), file);
  if (!isText(header.bytes(4), 'SNOD')) throw hdf5Error('E_MALFORMED', 'symbols', 'no symbol node', start);
  header.skip(2);
  const count = header.u16();
  const entryBytes = 2 * file.offsetBytes + 24;
  const cursor = new Hdf5Cursor(await file.reader.bytes(start + 8, count * entryBytes), file);
  for (let i = 0; i < count; i++) {
    const name = await textAt(file, heap, cursor.uint(file.offsetBytes));
    const object = cursor.address();
    const cached = cursor.u32();
    cursor.skip(4);
    const scratch = new Hdf5Cursor(cursor.bytes(16), file);
    // Cache type 2: a soft link, the path of which the scratch space finds in the heap.
    if (cached === 2) yield { name, kind: 'soft', target: await textAt(file, heap, scratch.u32()) };
    else if (object !== undefined) yield { name, kind: 'hard', address: object };
  }
}

async function textAt(file: Hdf5File, heap: LocalHeap, offset: number): Promise<string> {
  if (offset > heap.length) throw hdf5Error('E_MALFORMED', 'heap', 'a name outside its heap', heap.offset);
  const longest = Math.min(heap.length - offset, limits.hdf5NameBytes);
  // Most names end soon; the long ones are read again.
  for (let length = Math.min(longest, 64); ; length = Math.min(longest, 16 * length)) {
    const bytes = await file.reader.bytes(heap.offset + offset, length);
    const end = bytes.indexOf(0);
    if (end >= 0) return decodeText(bytes.subarray(0, end));
    if (length === longest)
      throw hdf5Error('E_MALFORMED', 'text', 'a name does not end', heap.offset + offset);
  }
}
