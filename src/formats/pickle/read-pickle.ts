import type { ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { ByteWindow } from '../byte-window.ts';
import { beginsWithOpcodes } from './begins-with-opcodes.ts';
import { isOpcode, isPickle } from './is-pickle.ts';
import { mergeStreams } from './merge-streams.ts';
import type { Pickle, PickleAnomaly, PickleOptions } from './pickle.ts';
import { readStream, type StreamRead } from './read-stream.ts';
import type { PickleFile } from './scan.ts';

/**
 * Interprets pickles of all protocols, one after the other, without importing or calling anything, and says what they
 * would import and call, and with what. An error in a pickle is a result, since everything before it has run by then:
 * it is an anomaly, and reading goes on where the next pickle begins.
 * Source: CPython's `Lib/pickletools.py` and `Modules/_pickle.c`.
 * @throws MlbomError `E_UNREADABLE` when the bytes cannot be had
 */
export async function readPickle(source: ByteSource, options: PickleOptions = {}): Promise<Pickle> {
  const file = fileOf(source, options, true);
  const pickle = await readStreams(file, options);
  if (pickle.arrays.length === 0) return pickle;
  return withPlainReading(pickle, await readPlainly(source, options));
}

function fileOf(
  source: ByteSource,
  { keeps, watch, search = true }: PickleOptions,
  joblib: boolean,
): PickleFile {
  const window = new ByteWindow(source, { format: 'pickle' });
  const budget = {
    opcodes: limits.pickleOpcodes,
    values: limits.pickleValues,
    text: limits.pickleTextBytes,
    searched: search ? limits.pickleSearchBytes : 0,
  };
  return { source, window, budget, keeps, watch, joblib };
}

async function readStreams(file: PickleFile, options: PickleOptions): Promise<Pickle> {
  const most = Math.min(options.streams ?? Infinity, limits.pickleStreams);
  const reads: StreamRead[] = [await readStream(file, options.at ?? 0)];
  const between: PickleAnomaly[] = [];
  for (;;) {
    const last = reads.at(-1);
    if (!last || last.scan.exhausted || reads.length >= most) break;
    // After an error the next pickle may begin anywhere; after STOP, right there.
    const from = last.error === undefined ? last.stream.end : last.error + 1;
    if (from >= file.source.size) break;
    const next = await nextStream(file, from, last.error !== undefined);
    const gap = (next?.stream.offset ?? file.source.size) - from;
    if (last.error === undefined && gap > 0)
      between.push({ kind: 'trailing', offset: from, length: gap, message: trailing(gap) });
    if (next === undefined) {
      if (options.search !== false && file.budget.searched <= 0) between.push(searchedEnough(from));
      break;
    }
    reads.push(next);
  }
  const end = reads.at(-1)?.stream.end ?? 0;
  if (reads.length === limits.pickleStreams && end < file.source.size) {
    const message = `more than ${limits.pickleStreams} pickles`;
    between.push({ kind: 'limit', offset: end, message });
  }
  return mergeStreams(reads, between);
}

/** The next bytes from `from` on that are a pickle: one that comes to its end, or imports something by a name. */
async function nextStream(file: PickleFile, from: number, broken: boolean): Promise<StreamRead | undefined> {
  const { window } = file;
  for (let at: number | undefined = from; at !== undefined; at = await nextStart(file, at + 1, broken)) {
    window.seek(at);
    const left = window.remaining;
    const head = await window.take(Math.min(headLength, left));
    const begins = isPickle(head);
    if (!begins && !beginsWithOpcodes(head, left)) continue;
    file.budget.searched -= headLength;
    const read = await readStream(file, at);
    if (begins && head[0] === proto && (read.scan.exhausted || read.stream.whole || importsByName(read)))
      return read;
    // Other bytes and words often look like opcodes.
    if (callsByName(read) || (begins && (read.scan.exhausted || read.stream.whole))) return read;
  }
  return undefined;
}

/** The offset of the next PROTO with an opcode after it; in what is left of a broken pickle, also of a name. */
async function nextStart(file: PickleFile, from: number, names: boolean): Promise<number | undefined> {
  const { window, budget } = file;
  window.seek(Math.min(from, file.source.size));
  let step = headLength;
  while (window.remaining >= 3 && budget.searched > 0) {
    const at = window.position;
    const chunk = await window.take(Math.min(step, window.remaining));
    const found = chunk.findIndex(
      (byte, index) =>
        (byte === proto && (chunk[index + 1] ?? 6) <= 5 && isOpcode(chunk[index + 2] ?? 0)) ||
        (names && (byte === global || byte === inst) && isName(chunk, index + 1)),
    );
    budget.searched -= found === -1 ? chunk.length : found + 1;
    if (found !== -1) return at + found;
    step = Math.min(4 * step, longestStep);
    // The last bytes may begin one.
    if (window.remaining > 0) window.seek(window.position - Math.min(overlap(names), chunk.length - 1));
  }
  return undefined;
}

const proto = 0x80;
const global = 0x63;
const inst = 0x69;
const newline = 0x0a;
const longestName = 128;

function overlap(names: boolean): number {
  return names ? 2 * longestName + 2 : 2;
}

/** True for two lines that are names. */
function isName(bytes: Uint8Array, at: number): boolean {
  let from = at;
  for (let line = 0; line < 2; line++) {
    let end = from;
    while (end - from < longestName && isNameByte(bytes[end] ?? 0)) end++;
    if (end === from || bytes[end] !== newline) return false;
    from = end + 1;
  }
  return true;
}

/** A letter, a digit, `_` or `.`. */
function isNameByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === 0x2e
  );
}

/** Bytes that are looked at first; a try costs as many of those that may be searched. */
const headLength = 1024;
const longestStep = 1024 * 1024;

function importsByName({ scan }: StreamRead): boolean {
  return scan.globals.list.some(({ module, name }) => identifier.test(module) && identifier.test(name));
}

function callsByName({ scan }: StreamRead): boolean {
  return scan.globals.list.some(
    ({ module, name, called }) => called && identifier.test(module) && identifier.test(name),
  );
}

const identifier = /^[A-Za-z_][\w.]*$/;

function searchedEnough(offset: number): PickleAnomaly {
  const message = `no other pickle in the first ${limits.pickleSearchBytes} bytes from here that were looked through`;
  return { kind: 'limit', offset, message };
}

function trailing(length: number): string {
  return `${length} bytes that are no pickle`;
}

/** As `pickle.load` reads it, for which joblib's arrays are opcodes. */
async function readPlainly(source: ByteSource, options: PickleOptions): Promise<Pickle> {
  return mergeStreams([await readStream(fileOf(source, options, false), options.at ?? 0)], []);
}

/** An array that holds opcodes is none: what a plain reading imports beyond the other one counts too. */
function withPlainReading(pickle: Pickle, plain: Pickle): Pickle {
  const first = pickle.arrays[0]?.offset ?? 0;
  const hidden = plain.globals.filter(
    ({ module, name, offset }) =>
      offset >= first &&
      identifier.test(module) &&
      identifier.test(name) &&
      !pickle.globals.some((known) => known.module === module && known.name === name),
  );
  const [found] = hidden;
  if (!found) return pickle;
  const message = `without joblib, ${found.module}.${found.name} is imported from what is an array with it`;
  return {
    ...pickle,
    globals: [...pickle.globals, ...hidden],
    anomalies: [...pickle.anomalies, { kind: 'divergent', offset: found.offset, message }],
  };
}
