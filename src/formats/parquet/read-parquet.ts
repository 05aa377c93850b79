import type { ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import { ThriftReader } from '../thrift.ts';
import { columnsOf, readElement, type SchemaElement } from './parquet-schema.ts';

export interface Parquet {
  readonly version: number;
  readonly rows: bigint;
  readonly rowGroups: number;
  /** What the row groups say they hold, together. */
  readonly rowsInGroups: bigint;
  readonly columns: readonly DatasetColumn[];
  readonly createdBy?: string;
  /** Application metadata; a key without a value has an empty one. */
  readonly keyValues: ReadonlyMap<string, string>;
  /** Compression codecs of the columns, by name, sorted. */
  readonly codecs: readonly string[];
  /** True when the footer can be read and some of the columns cannot. */
  readonly encryptedColumns: boolean;
}

/** Where the footer is encrypted, too, the file says nothing. */
export type ParquetFile = Parquet | 'encrypted';

const magic = 'PAR1';
const encryptedMagic = 'PARE';
const codecNames = ['uncompressed', 'snappy', 'gzip', 'lzo', 'brotli', 'lz4', 'zstd', 'lz4-raw'];

/** True for what begins like a Parquet file. */
export function isParquet(head: Uint8Array): boolean {
  const start = textOf(head.subarray(0, 4));
  return start === magic || start === encryptedMagic;
}

/**
 * Reads the footer of a Parquet file (parquet-format, parquet.thrift); no page is looked at.
 * Own code: the reader in JavaScript gives a list the length that it announces before it has the elements, and takes
 * time with the square of a number's digits, so that a few bytes of footer stop the process.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readParquet(source: ByteSource): Promise<ParquetFile> {
  if (source.size < 12) throw malformed('truncated', 'it is too short');
  const head = textOf(await source.read({ offset: 0, length: 4 }));
  const tail = await source.read({ offset: source.size - 8, length: 8 });
  const end = textOf(tail.subarray(4));
  if (head === encryptedMagic && end === encryptedMagic) return 'encrypted';
  if (head !== magic || end !== magic) throw malformed('magic', 'it does not begin and end with PAR1');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > source.size - 12) throw malformed('truncated', 'the footer is larger than the file');
  if (length > limits.tableFooterBytes)
    throw new MlbomError('E_LIMIT', `parquet: a footer of ${length} bytes`, { rule: 'parquet-footer' });
  return fileMetaData(new ThriftReader(await source.read({ offset: source.size - 8 - length, length })));
}

function fileMetaData(reader: ThriftReader): Parquet {
  const elements: SchemaElement[] = [];
  const keyValues = new Map<string, string>();
  const codecs = new Set<string>();
  let version = 0;
  let rows: bigint | undefined;
  let rowGroups = 0;
  let rowsInGroups = 0n;
  let createdBy: string | undefined;
  let encryptedColumns = false;
  reader.struct((field, type) => {
    if (field === 1 && type === 'i32') version = Number(reader.integer());
    else if (field === 2 && type === 'list') readElements();
    else if (field === 3 && type === 'i64') rows = reader.integer();
    else if (field === 4 && type === 'list') readRowGroups();
    else if (field === 5 && type === 'list') readKeyValues();
    else if (field === 6 && type === 'binary') createdBy = reader.text();
    else {
      if (field === 8) encryptedColumns = true;
      return false;
    }
    return true;
  });
  if (rows === undefined || rows < 0n) throw malformed('rows', 'it has no number of rows');
  return {
    version,
    rows,
    rowGroups,
    rowsInGroups,
    columns: columnsOf(elements),
    ...(createdBy === undefined ? {} : { createdBy }),
    keyValues,
    codecs: [...codecs].sort(),
    encryptedColumns,
  };

  function readElements(): void {
    reader.list((type) => {
      if (type !== 'struct') throw malformed('schema', 'the schema is no list of structs');
      if (elements.length >= limits.datasetColumns)
        throw new MlbomError('E_LIMIT', `parquet: more than ${limits.datasetColumns} columns`, {
          rule: 'parquet-columns',
        });
      elements.push(readElement(reader));
    });
  }

  function readRowGroups(): void {
    reader.list((type) => {
      if (type !== 'struct') throw malformed('row-groups', 'the row groups are no list of structs');
      rowGroups++;
      reader.struct((field, inner) => {
        if (field === 3 && inner === 'i64') rowsInGroups += reader.integer();
        else if (field === 1 && inner === 'list') {
          reader.list((chunk) => {
            if (chunk === 'struct') readChunk();
            else reader.skip(chunk);
          });
        } else return false;
        return true;
      });
    });
  }

  /** ColumnChunk.meta_data.codec */
  function readChunk(): void {
    reader.struct((field, type) => {
      if (field !== 3 || type !== 'struct') return false;
      reader.struct((inner, innerType) => {
        if (inner !== 4 || innerType !== 'i32') return false;
        const codec = Number(reader.integer());
        codecs.add(codecNames[codec] ?? 'unknown');
        return true;
      });
      return true;
    });
  }

  function readKeyValues(): void {
    reader.list((type) => {
      if (type !== 'struct') {
        reader.skip(type);
        return;
      }
      let [key, value] = ['', ''];
      reader.struct((field, inner) => {
        if (field === 1 && inner === 'binary') key = reader.text();
        else if (field === 2 && inner === 'binary') value = reader.text();
        else return false;
        return true;
      });
      keyValues.set(key, value);
    });
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function malformed(rule: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `parquet: ${what}`, { rule: `parquet-${rule}` });
}
