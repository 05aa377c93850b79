import { limits } from '../../core/limits.ts';
import { bytesFor, openFractalHeap } from './fractal-heap.ts';
import { Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import { isText, messageBody, messageTypes, type HeaderMessage, type Hdf5File } from './object-header.ts';

/** A link or attribute of a dense storage; without its message where that is too large for the heap's blocks. */
export interface DenseMessage {
  readonly body?: Uint8Array;
  readonly shared: boolean;
}

interface Tree {
  readonly type: number;
  readonly nodeBytes: number;
  readonly recordBytes: number;
  readonly depth: number;
  readonly root: { readonly address: number; readonly records: number };
}

/**
 * What a link info (IV.A.2.c) or attribute info message (IV.A.2.v) leads to: messages in a fractal heap, found by a
 * B-tree of version 2 over their names (III.A.2). Nothing where all stand in the object header.
 */
export async function* denseMessages(file: Hdf5File, message: HeaderMessage): AsyncGenerator<DenseMessage> {
  const cursor = new Hdf5Cursor(await messageBody(file, message), file);
  cursor.skip(1);
  const tracksOrder = (cursor.u8() & 1) === 1;
  if (tracksOrder) cursor.skip(message.type === messageTypes.linkInfo ? 8 : 2);
  const heapAddress = cursor.address();
  const treeAddress = cursor.address();
  if (heapAddress === undefined || treeAddress === undefined) return;
  const heap = await openFractalHeap(file, heapAddress);
  const tree = await openTree(file, treeAddress);
  for await (const record of recordsOf(file, tree)) {
    // Records of links begin with a hash, those of attributes with the id, then the flags of the message.
    const isLink = tree.type === 5;
    const id = isLink ? record.subarray(4) : record;
    if (id.length < heap.idBytes) throw hdf5Error('E_MALFORMED', 'tree', 'records shorter than their ids');
    const shared = !isLink && ((record[heap.idBytes] ?? 0) & 2) !== 0;
    const body = await heap.object(id.subarray(0, heap.idBytes));
    yield body === undefined ? { shared } : { shared, body };
  }
}

async function openTree(file: Hdf5File, address: number): Promise<Tree> {
  const start = file.base + address;
  const cursor = new Hdf5Cursor(await file.reader.bytes(start, 18 + file.offsetBytes), file);
  if (!isText(cursor.bytes(4), 'BTHD')) throw hdf5Error('E_MALFORMED', 'tree', 'no tree of version 2', start);
  cursor.skip(1);
  const type = cursor.u8();
  const nodeBytes = cursor.u32();
  const recordBytes = cursor.u16();
  const depth = cursor.u16();
  cursor.skip(2);
  const root = cursor.address();
  const records = cursor.u16();
  if (type !== 5 && type !== 8) throw hdf5Error('E_UNSUPPORTED', 'tree', `a tree of type ${type}`, start);
  if (depth > limits.hdf5TreeDepth) throw hdf5Error('E_LIMIT', 'tree', `a tree of depth ${depth}`, start);
  if (recordBytes === 0 || nodeBytes < 10 + recordBytes)
    throw hdf5Error('E_MALFORMED', 'tree', 'nodes without room for a record', start);
  // An empty tree has no root.
  return {
    type,
    nodeBytes,
    recordBytes,
    depth,
    root: { address: root ?? 0, records: root === undefined ? 0 : records },
  };
}

/** All records, in no certain order. */
async function* recordsOf(file: Hdf5File, tree: Tree): AsyncGenerator<Uint8Array> {
  const widths = pointerWidths(file, tree);
  const seen = new Set<number>();
  const pending = tree.root.records === 0 ? [] : [{ ...tree.root, depth: tree.depth }];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const start = file.base + node.address;
    if (seen.has(node.address))
      throw hdf5Error('E_MALFORMED', 'tree', 'a tree that leads in a circle', start);
    seen.add(node.address);
    if (seen.size > limits.hdf5Objects) throw hdf5Error('E_LIMIT', 'tree', 'a tree that is too large', start);
    if (!isText(await file.reader.bytes(start, 4), node.depth === 0 ? 'BTLF' : 'BTIN'))
      throw hdf5Error('E_MALFORMED', 'tree', 'no node of a tree', start);
    const { childRecords = 0, pointer = 0 } = widths[node.depth] ?? {};
    const pointers = node.depth === 0 ? 0 : (node.records + 1) * pointer;
    const length = node.records * tree.recordBytes + pointers;
    const cursor = new Hdf5Cursor(await file.reader.bytes(start + 6, length), file);
    for (let i = 0; i < node.records; i++) yield cursor.bytes(tree.recordBytes);
    for (let i = 0; i <= node.records && node.depth > 0; i++) {
      const address = cursor.address();
      const records = cursor.uint(childRecords);
      cursor.skip(pointer - file.offsetBytes - childRecords);
      if (address !== undefined) pending.push({ address, records, depth: node.depth - 1 });
    }
  }
}

/** How wide the pointers of the nodes of each depth are: an address, the child's records, and all those below it. */
function pointerWidths(
  file: Hdf5File,
  { nodeBytes, recordBytes, depth }: Tree,
): { childRecords: number; pointer: number }[] {
  const leafRecords = Math.floor((nodeBytes - 10) / recordBytes);
  const childRecords = bytesFor(leafRecords);
  const widths = [{ childRecords: 0, pointer: 0 }];
  let below = leafRecords;
  let belowBytes = 0;
  for (let level = 1; level <= depth; level++) {
    const pointer = file.offsetBytes + childRecords + belowBytes;
    widths.push({ childRecords, pointer });
    const records = Math.floor((nodeBytes - 10 - pointer) / (recordBytes + pointer));
    below = (records + 1) * below + records;
    belowBytes = bytesFor(below);
  }
  return widths;
}
