import type { Collected, FileCollector } from '../../core/collector.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { isAvro, readAvro } from '../../formats/avro/read-avro.ts';
import { attributesFrom } from '../attributes.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';

/** Avro object container files: the schema that stands in their header, and the rows of their blocks. */
export const avro: FileCollector = {
  id: 'avro',
  version: 1,
  wants: (entry, head) => isAvro(head) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const file = await readAvro(entry);
    const observed = attributesFrom(entry.path, 'avro', 'observed');
    observed.add('mlbom:dataset:format', 'avro');
    observed.add('mimeType', 'application/vnd.apache.avro.file');
    observed.add('mlbom:dataset:rows', file.rows === undefined ? undefined : String(file.rows));
    addColumns(observed, file.columns, 'avro.schema');
    observed.add('mlbom:file:header', header('compression', file.codec));
    if (file.keys.length > 0) observed.add('mlbom:file:header', header('metadata-keys', file.keys.join(',')));
    return { facts: dataFiles(entry, observed), problems: [], findings: [] };
  },
};

function header(key: string, value: string): string {
  return shortened(`${key}=${value}`, limits.provenanceText);
}
