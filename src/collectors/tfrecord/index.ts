import { type Collected, type FileCollector } from '../../core/collector.ts';
import { isTfRecord, readTfRecords } from '../../formats/tfrecord.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';

/** TFRecord files: shards of samples, and the logs of TensorBoard, which have the same frame. */
export const tfrecord: FileCollector = {
  id: 'tfrecord',
  version: 1,
  wants: (entry, head) => isTfRecord(head, entry.size) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const { records, content, columns } = await readTfRecords(entry);
    const observed = attributesFrom(entry.path, 'tfrecord', 'observed');
    if (content === 'event') {
      observed.add('mlbom:file:format', 'tensorboard-events');
      return { facts: [fileFact(entry.path, [observed])], problems: [], findings: [] };
    }
    observed.add('mlbom:dataset:format', 'tfrecord');
    observed.add('mlbom:dataset:rows', records === undefined ? undefined : String(records));
    addColumns(observed, columns, 'first record');
    return { facts: dataFiles(entry, observed), problems: [], findings: [] };
  },
};
