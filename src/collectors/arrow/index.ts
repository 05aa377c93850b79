import type { Collected, FileCollector } from '../../core/collector.ts';
import { isArrow, readArrow } from '../../formats/arrow/read-arrow.ts';
import { attributesFrom } from '../attributes.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';
import { addTableMetadata } from '../table-metadata.ts';

const formats = { file: 'arrow-file', stream: 'arrow-stream', 'feather-v1': 'feather-v1' };
const mimeTypes = {
  file: 'application/vnd.apache.arrow.file',
  stream: 'application/vnd.apache.arrow.stream',
  'feather-v1': undefined,
};

/** Apache Arrow's files and streams, among them what `datasets` caches and saves, and Feather. */
export const arrow: FileCollector = {
  id: 'arrow',
  version: 1,
  wants: (entry, head) => isArrow(head) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const file = await readArrow(entry);
    const observed = attributesFrom(entry.path, 'arrow', 'observed');
    const declared = attributesFrom(entry.path, 'arrow');
    observed.add('mlbom:dataset:format', formats[file.layout]);
    observed.add('mimeType', mimeTypes[file.layout]);
    observed.add('mlbom:dataset:rows', file.rows === undefined ? undefined : String(file.rows));
    addColumns(observed, file.columns, 'schema');
    if (file.batches !== undefined) observed.add('mlbom:file:header', `record-batches=${file.batches}`);
    if (file.codec !== undefined) observed.add('mlbom:file:header', `compression=${file.codec}`);
    addTableMetadata(file.keyValues, observed, declared);
    const attributes = { ...observed, list: [...observed.list, ...declared.list] };
    return { facts: dataFiles(entry, attributes), problems: [], findings: [] };
  },
};
