import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import { ProtobufReader } from '../protobuf.ts';
import { subrange } from '../subrange.ts';
import { lanceColumns, readLanceField, type LanceField } from './lance-fields.ts';

export interface LanceManifest {
  /** Of the dataset, from 1. */
  readonly version: bigint;
  readonly rows: bigint;
  readonly fragments: number;
  readonly columns: readonly DatasetColumn[];
  /** Of the data files: `2.2`. */
  readonly fileVersion?: string;
  /** Library and version. */
  readonly writer?: string;
}

export interface LanceFile {
  /** Undefined for the first version of the format, which counts otherwise. */
  readonly rows?: bigint;
  readonly columns: readonly DatasetColumn[];
  readonly version: string;
}

const magic = 'LANC';
const tailBytes = 16;
/** Of the second version: five places and numbers, then the tail. */
const footerBytes = 40;
const longestText = 64 * 1024;

/**
 * Reads a version of a Lance dataset (lance, table.proto): what it is made of when it was written.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readLanceManifest(source: ByteSource): Promise<LanceManifest> {
  const tail = await tailOf(source);
  const start = Number(tail.getBigUint64(0, true));
  if (start > source.size - tailBytes - 4)
    throw malformed('manifest', 'the manifest lies outside of the file');
  const head = await source.read({ offset: start, length: 4 });
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  if (length > source.size - tailBytes - 4 - start)
    throw malformed('manifest', 'the manifest is larger than the file');
  return manifest(subrange(source, { offset: start + 4, length }));
}

async function manifest(source: ByteSource): Promise<LanceManifest> {
  const reader = new ProtobufReader(source);
  const fields: LanceField[] = [];
  let [version, rows, fragments] = [0n, 0n, 0];
  let writer: string | undefined;
  let fileVersion: string | undefined;
  await reader.message(whole(source), ({ number, wire, varint, range }) => {
    if (number === 3 && wire === 'varint') version = varint;
    if (wire !== 'bytes') return undefined;
    switch (number) {
      case 1:
        return readLanceField(reader, range, fields);
      case 2:
        fragments++;
        return fragment(range);
      case 13:
        return texts(range).then(([library = '', libraryVersion = '']) => {
          writer = `${library} ${libraryVersion}`.trim();
        });
      case 15:
        return texts(range).then(([, text]) => {
          fileVersion = text;
        });
      default:
        return undefined;
    }
  });
  return {
    version,
    rows,
    fragments,
    columns: lanceColumns(fields),
    ...(fileVersion === undefined ? {} : { fileVersion }),
    ...(writer === undefined ? {} : { writer }),
  };

  /** DataFragment.physical_rows less DeletionFile.num_deleted_rows */
  async function fragment(range: ByteRange): Promise<void> {
    await reader.message(range, ({ number, wire, varint, range: inner }) => {
      if (number === 4 && wire === 'varint') rows += varint;
      if (number !== 3 || wire !== 'bytes') return undefined;
      return reader.message(inner, (field) => {
        if (field.number === 4 && field.wire === 'varint') rows -= field.varint;
        return undefined;
      });
    });
  }

  /** The strings of fields 1 and 2. */
  async function texts(range: ByteRange): Promise<string[]> {
    const found: string[] = [];
    await reader.message(range, ({ number, wire, range: inner }) => {
      if (wire !== 'bytes' || number < 1 || number > 2) return undefined;
      return reader.text(inner, longestText).then((text) => {
        found[number - 1] = text;
      });
    });
    return found;
  }
}

/**
 * Reads the footer of a data file of the second version (lance, file2.proto): its schema and number of rows.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readLanceFile(source: ByteSource): Promise<LanceFile> {
  const tail = await tailOf(source);
  const [major, minor] = [tail.getUint16(8, true), tail.getUint16(10, true)];
  const version = `${major}.${minor}`;
  // The second version calls itself 0.3 or 2.x; before it the places are others.
  if (major === 0 && minor < 3) return { columns: [], version };
  if (source.size < footerBytes) throw malformed('truncated', 'it is too short');
  const bytes = await source.read({ offset: source.size - footerBytes, length: footerBytes });
  const footer = new DataView(bytes.buffer, bytes.byteOffset, footerBytes);
  const table = Number(footer.getBigUint64(16, true));
  if (footer.getUint32(24, true) === 0) return { columns: [], version };
  const first = await subrangeView(source, table, 16);
  const [offset, length] = [Number(first.getBigUint64(0, true)), Number(first.getBigUint64(8, true))];
  if (length > limits.tableFooterBytes)
    throw new MlbomError('E_LIMIT', `lance: a schema of ${length} bytes`, { rule: 'lance-schema' });
  return { ...(await descriptor(subrange(source, { offset, length }))), version };
}

/** FileDescriptor: schema and length. */
async function descriptor(source: ByteSource): Promise<Omit<LanceFile, 'version'>> {
  const reader = new ProtobufReader(source);
  const fields: LanceField[] = [];
  let rows: bigint | undefined;
  await reader.message(whole(source), ({ number, wire, varint, range }) => {
    if (number === 2 && wire === 'varint') rows = varint;
    if (number !== 1 || wire !== 'bytes') return undefined;
    return reader.message(range, (field) =>
      field.number === 1 && field.wire === 'bytes' ? readLanceField(reader, field.range, fields) : undefined,
    );
  });
  return { ...(rows === undefined ? {} : { rows }), columns: lanceColumns(fields) };
}

async function tailOf(source: ByteSource): Promise<DataView> {
  const tail = await subrangeView(source, source.size - tailBytes, tailBytes);
  const end = Buffer.from(tail.buffer, tail.byteOffset + 12, 4).toString('latin1');
  if (end !== magic) throw malformed('magic', 'it does not end with LANC');
  return tail;
}

async function subrangeView(source: ByteSource, offset: number, length: number): Promise<DataView> {
  const bytes = await subrange(source, { offset, length }).read({ offset: 0, length });
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

function whole({ size }: ByteSource): ByteRange {
  return { offset: 0, length: size };
}

function malformed(rule: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `lance: ${what}`, { rule: `lance-${rule}` });
}
