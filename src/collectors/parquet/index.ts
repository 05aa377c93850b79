import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { contradiction, incomplete, type Problem } from '../../core/problem.ts';
import { isParquet, readParquet, type Parquet } from '../../formats/parquet/read-parquet.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';
import { addTableMetadata } from '../table-metadata.ts';

/** Parquet files by their footer: rows, schema, who wrote them. */
export const parquet: FileCollector = {
  id: 'parquet',
  version: 1,
  wants: (entry, head) => isParquet(head) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const file = await readParquet(entry);
    const observed = attributesFrom(entry.path, 'parquet', 'observed');
    observed.add('mlbom:dataset:format', 'parquet');
    observed.add('mimeType', 'application/vnd.apache.parquet');
    if (file === 'encrypted') {
      observed.add('mlbom:file:header', 'encryption=footer and columns');
      const problem = incomplete('encrypted', entry.path, 'the footer is encrypted');
      return { facts: dataFiles(entry, observed), problems: [problem], findings: [] };
    }
    const declared = attributesFrom(entry.path, 'parquet');
    addFooter(file, observed, declared);
    const attributes = { ...observed, list: [...observed.list, ...declared.list] };
    return { facts: dataFiles(entry, attributes), problems: problemsOf(file, entry), findings: [] };
  },
};

function addFooter(file: Parquet, observed: AttributeList, declared: AttributeList): void {
  observed.add('mlbom:file:format-version', String(file.version));
  observed.add('mlbom:file:producer', file.createdBy, 'created_by');
  observed.add('mlbom:dataset:rows', String(file.rows), 'num_rows');
  addColumns(observed, file.columns, 'schema');
  observed.add('mlbom:file:header', `row-groups=${file.rowGroups}`);
  if (file.codecs.length > 0) observed.add('mlbom:file:header', `compression=${file.codecs.join(',')}`);
  if (file.encryptedColumns) observed.add('mlbom:file:header', 'encryption=columns');
  addTableMetadata(file.keyValues, observed, declared);
}

function problemsOf(file: Parquet, { path }: Entry): Problem[] {
  if (file.rows === file.rowsInGroups) return [];
  const reason = `the footer says ${file.rows} rows, and its row groups have ${file.rowsInGroups}`;
  return [contradiction('parquet-rows', path, reason)];
}
