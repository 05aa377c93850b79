import { isHexOf, type Digest, type DigestAlgorithm } from '../core/digest.ts';
import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { decodeUtf8 } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { readAll } from './read-all.ts';

/** One installed file; its path is relative to the directory that holds the `.dist-info`, or absolute. */
export interface RecordEntry {
  readonly path: string;
  readonly digest?: Digest;
  /** Bytes. */
  readonly size?: number;
}

/**
 * The rows of a `RECORD`: path, digest in base64url without padding, size (PyPA "Recording installed projects").
 * A digest of an algorithm that is not known is left out.
 * @throws MlbomError `E_MALFORMED` when a row has fewer columns, or a digest or size is none; `E_LIMIT`
 */
export async function readWheelRecord(source: ByteSource, subject: string): Promise<RecordEntry[]> {
  const text = decodeUtf8(await readAll(source, limits.repositoryFileBytes, subject), subject);
  const entries: RecordEntry[] = [];
  for (let at = 0; at < text.length;) {
    const start = at;
    const row = plainRow(text, at) ?? quotedRow(text, at, subject);
    at = row.end;
    if (row.isBlank) continue;
    if (entries.length >= limits.filesPerArtifact) {
      throw new MlbomError('E_LIMIT', `${subject}: more than ${limits.filesPerArtifact} files`, {
        subject,
        rule: 'wheel-record-files',
      });
    }
    const digest = digestOf(row.digest);
    const size = sizeOf(row.size);
    if (row.path === '' || digest === 'wrong' || size === 'wrong') throw malformed(subject, start);
    entries.push({
      path: row.path,
      ...(digest === undefined ? {} : { digest }),
      ...(size === undefined ? {} : { size }),
    });
  }
  return entries;
}

interface Row {
  /** Where the next one begins. */
  readonly end: number;
  readonly isBlank: boolean;
  readonly path: string;
  readonly digest: string;
  /** Undefined when there is no third column. */
  readonly size: string | undefined;
}

/** A row without quotes, as nearly all are; the path may hold no comma then. */
function plainRow(text: string, at: number): Row | undefined {
  const feed = text.indexOf('\n', at);
  const end = feed < 0 ? text.length : feed;
  const line = text.charCodeAt(end - 1) === 0x0d && end > at ? text.slice(at, end - 1) : text.slice(at, end);
  if (line.includes('"')) return undefined;
  const first = line.indexOf(',');
  const second = first < 0 ? -1 : line.indexOf(',', first + 1);
  const third = second < 0 ? -1 : line.indexOf(',', second + 1);
  return {
    end: end + 1,
    isBlank: line === '',
    path: line.slice(0, Math.max(first, 0)),
    digest: second < 0 ? '' : line.slice(first + 1, second),
    size: second < 0 ? undefined : line.slice(second + 1, third < 0 ? undefined : third),
  };
}

/** As Python's `csv` writes it: a field in quotes, two quotes for one. */
function quotedRow(text: string, start: number, subject: string): Row {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at) : bareField(text, at);
    if (!field) throw malformed(subject, start);
    fields.push(field.value);
    at = field.end;
    if (text[at] !== ',') break;
    at++;
  }
  if (text[at] === '\r') at++;
  if (at < text.length && text[at] !== '\n') throw malformed(subject, start);
  const [path = '', digest = '', size] = fields;
  return { end: at + 1, isBlank: false, path, digest, size };
}

function quotedField(text: string, start: number): { value: string; end: number } | undefined {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return undefined;
    if (text[at + 1] !== '"') return { value: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
}

const fieldEnd = /[,\r\n]|$/g;

function bareField(text: string, start: number): { value: string; end: number } {
  fieldEnd.lastIndex = start;
  const end = fieldEnd.exec(text)?.index ?? text.length;
  return { value: text.slice(start, end), end };
}

/** Lengths of unpadded base64 tell a digest that was cut. */
const algorithms: Readonly<Record<string, DigestAlgorithm>> = {
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

function digestOf(text: string): Digest | 'wrong' | undefined {
  if (text === '') return undefined;
  const equals = text.indexOf('=');
  if (equals < 1) return 'wrong';
  const name = text.slice(0, equals).toLowerCase();
  const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  if (algorithm === undefined) return undefined;
  const hex = Buffer.from(text.slice(equals + 1), 'base64url').toString('hex');
  return isHexOf(algorithm, hex) ? { algorithm, hex } : 'wrong';
}

function sizeOf(text: string | undefined): number | 'wrong' | undefined {
  if (text === '') return undefined;
  const size = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return size <= limits.fileBytes ? size : 'wrong';
}

function malformed(subject: string, offset: number): MlbomError {
  return new MlbomError('E_MALFORMED', `${subject}: a row is no path, digest and size (at ${offset})`, {
    subject,
    offset,
    rule: 'wheel-record',
  });
}
