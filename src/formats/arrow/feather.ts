import type { ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import { FlatTable } from './flat-table.ts';

const magic = 'FEA1';
/** By number of the enumeration Type of feather.fbs. */
const typeNames = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float',
  'double',
  'string',
  'binary',
  'category',
  'timestamp',
  'date',
  'time',
  'large_string',
  'large_binary',
];

/** Feather's first version, which is not Arrow's own format (feather.fbs): a footer with columns and rows. */
export async function readFeather(source: ByteSource): Promise<{
  columns: readonly DatasetColumn[];
  keyValues: ReadonlyMap<string, string>;
  rows: bigint;
}> {
  if (source.size < 12) throw malformed('it is too short');
  const tail = await source.read({ offset: source.size - 8, length: 8 });
  if (Buffer.from(tail.subarray(4)).toString('latin1') !== magic)
    throw malformed('it does not end with FEA1');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > source.size - 12) throw malformed('the footer is larger than the file');
  if (length > limits.arrowMessageBytes)
    throw new MlbomError('E_LIMIT', `feather: a footer of ${length} bytes`, { rule: 'feather-footer' });
  const table = FlatTable.root(await source.read({ offset: source.size - 8 - length, length }));
  const rows = table.i64(1);
  if (rows < 0n) throw malformed('fewer than no rows');
  const columns: DatasetColumn[] = [];
  let text = 0;
  for (const column of table.tables(2)) {
    const name = column.text(0) ?? '';
    text += name.length;
    // Columns may share a name's place.
    if (columns.length >= limits.datasetColumns || text > limits.arrowMessageBytes)
      throw new MlbomError('E_LIMIT', 'feather: too many columns', { rule: 'feather-columns' });
    const type = column.table(1)?.u8(0);
    columns.push([name, typeNames[type ?? -1] ?? 'unknown']);
  }
  return { columns, keyValues: new Map(), rows };
}

function malformed(what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `feather: ${what}`, { rule: 'feather' });
}
