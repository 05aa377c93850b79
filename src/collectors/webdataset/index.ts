import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isTar } from '../../formats/tar/is-tar.ts';
import { readTar } from '../../formats/tar/read-tar.ts';
import { attributesFrom } from '../attributes.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';
import { samplesOf } from './samples.ts';

/** Tars of samples, as WebDataset reads and `img2dataset` writes them. What their members are, others say. */
export const webdataset: FileCollector = {
  id: 'webdataset',
  version: 1,
  wants: (entry, head) => entry.path.endsWith('.tar') && isTar(head) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const samples = await samplesOf(readTar(entry), entry.path);
    if (!samples) return nothing;
    const observed = attributesFrom(entry.path, 'webdataset', 'observed');
    observed.add('mlbom:dataset:format', 'webdataset');
    observed.add('mlbom:dataset:rows', samples.count === undefined ? undefined : String(samples.count));
    addColumns(
      observed,
      samples.keys.map((key) => [key, 'file']),
      'members',
    );
    return { facts: dataFiles(entry, observed), problems: [], findings: [] };
  },
};
