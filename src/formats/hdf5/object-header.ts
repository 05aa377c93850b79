import { limits } from '../../core/limits.ts';
import type { PagedReader } from '../paged-reader.ts';
import { Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import type { Superblock } from './superblock.ts';

/** An open file: where to read, and how wide its numbers are. */
export interface Hdf5File extends Superblock {
  readonly reader: PagedReader;
}

/** A message of an object header; its body is read when somebody asks for it. */
export interface HeaderMessage {
  readonly type: number;
  /** True when the body only says where the message is. */
  readonly shared: boolean;
  /** Of the body, in the file. */
  readonly offset: number;
  readonly length: number;
}

/** `HDF5 File Format Specification`, IV.A.2. */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

interface Block {
  readonly offset: number;
  readonly length: number;
}

interface Shape {
  readonly version: 1 | 2;
  /** Bytes that precede each body. */
  readonly prefix: number;
}

/**
 * The messages of the object header at `address`, through all its continuation blocks, in their order.
 * @throws MlbomError `E_MALFORMED` for blocks that lead in a circle, `E_LIMIT` for too many messages
 */
export async function readObjectHeader(file: Hdf5File, address: number): Promise<HeaderMessage[]> {
  const start = file.base + address;
  const magic = await file.reader.bytes(start, 4);
  const { shape, block } = isText(magic, 'OHDR') ? await openNew(file, start) : await openOld(file, start);
  const messages: HeaderMessage[] = [];
  const seen = new Set<number>();
  const blocks: Block[] = [block];
  for (let next = blocks.shift(); next; next = blocks.shift()) {
    if (seen.has(next.offset))
      throw hdf5Error('E_MALFORMED', 'continuation', 'continuations in a circle', start);
    seen.add(next.offset);
    for await (const message of messagesOf(file, next, shape)) {
      if (messages.length === limits.hdf5Messages)
        throw hdf5Error('E_LIMIT', 'messages', 'too many messages', start);
      messages.push(message);
      if (message.type === messageTypes.continuation) blocks.push(await continuation(file, message, shape));
    }
  }
  return messages;
}

/** The body of a message, through the pointer of a shared one to a committed datatype. */
export async function messageBody(
  file: Hdf5File,
  message: HeaderMessage,
  longest = 64 * 1024,
): Promise<Uint8Array> {
  if (message.length > longest)
    throw hdf5Error('E_LIMIT', 'message', `a message of ${message.length} bytes`, message.offset);
  const body = await file.reader.bytes(message.offset, message.length);
  return message.shared ? sharedBody(file, body, message.type) : body;
}

/** What a shared message points to (IV.A.2, "Shared Message"): a message of the same type in another object header. */
export async function sharedBody(file: Hdf5File, pointer: Uint8Array, type: number): Promise<Uint8Array> {
  const cursor = new Hdf5Cursor(pointer, file);
  const version = cursor.u8();
  const kind = cursor.u8();
  if (version === 1) cursor.skip(6);
  // Version 3, kind 1: in the heap of shared messages, which is off unless somebody asks for it.
  if (version > 3 || (version === 3 && kind === 1))
    throw hdf5Error('E_UNSUPPORTED', 'shared-message', 'a message in the heap of shared messages');
  const address = cursor.address();
  const target =
    address === undefined
      ? undefined
      : (await readObjectHeader(file, address)).find((message) => message.type === type && !message.shared);
  if (!target) throw hdf5Error('E_MALFORMED', 'shared-message', 'a shared message that is not there');
  return messageBody(file, target);
}

async function openOld(file: Hdf5File, start: number): Promise<{ shape: Shape; block: Block }> {
  const view = await file.reader.view(start, 16);
  if (view.getUint8(0) !== 1) throw hdf5Error('E_MALFORMED', 'object-header', 'no object header', start);
  // The prefix of 12 bytes is padded to a multiple of eight.
  return { shape: { version: 1, prefix: 8 }, block: { offset: start + 16, length: view.getUint32(8, true) } };
}

async function openNew(file: Hdf5File, start: number): Promise<{ shape: Shape; block: Block }> {
  const [, , , , version = 0, flags = 0] = await file.reader.bytes(start, 6);
  if (version !== 2)
    throw hdf5Error('E_UNSUPPORTED', 'object-header', `an object header of version ${version}`, start);
  const times = flags & 0x20 ? 16 : 0;
  const phases = flags & 0x10 ? 4 : 0;
  const width = 2 ** (flags & 3);
  const at = start + 6 + times + phases;
  const length = new Hdf5Cursor(await file.reader.bytes(at, width), file).uint(width);
  return { shape: { version: 2, prefix: flags & 4 ? 6 : 4 }, block: { offset: at + width, length } };
}

async function* messagesOf(
  { reader }: Hdf5File,
  { offset, length }: Block,
  { version, prefix }: Shape,
): AsyncGenerator<HeaderMessage> {
  let at = offset;
  const end = offset + length;
  // What is too small for a message is a gap.
  while (at + prefix <= end) {
    const view = await reader.view(at, prefix);
    const type = version === 1 ? view.getUint16(0, true) : view.getUint8(0);
    const size = view.getUint16(version === 1 ? 2 : 1, true);
    const flags = view.getUint8(version === 1 ? 4 : 3);
    at += prefix;
    if (size > end - at) throw hdf5Error('E_MALFORMED', 'message', 'a message leaves its block', at);
    yield { type, shared: (flags & 2) !== 0, offset: at, length: size };
    at += size;
  }
  await reader.bytes(end, 0);
}

async function continuation(file: Hdf5File, message: HeaderMessage, { version }: Shape): Promise<Block> {
  const cursor = new Hdf5Cursor(await messageBody(file, message), file);
  const address = cursor.address();
  const length = cursor.length();
  if (address === undefined) throw hdf5Error('E_MALFORMED', 'continuation', 'a continuation without address');
  const offset = file.base + address;
  if (version === 1) return { offset, length };
  if (!isText(await file.reader.bytes(offset, 4), 'OCHK') || length < 8)
    throw hdf5Error('E_MALFORMED', 'continuation', 'no continuation block', offset);
  // Its signature before, its checksum after.
  return { offset: offset + 4, length: length - 8 };
}

/** True for bytes that begin with this ASCII text. */
export function isText(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}
