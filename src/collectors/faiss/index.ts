import type { Collected, FileCollector } from '../../core/collector.ts';
import { nameOf } from '../../core/path.ts';
import { isFaiss, readFaiss } from '../../formats/faiss.ts';
import { attributesFrom } from '../attributes.ts';
import { describedPlace, placedVectors } from '../dataset-place.ts';
import { isPackaged } from '../is-packaged.ts';

/** Indexes that faiss wrote; LangChain and LlamaIndex keep one beside a pickle of their documents. */
export const faiss: FileCollector = {
  id: 'faiss',
  version: 1,
  wants: (entry, head) => isFaiss(head) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const index = await readFaiss(entry);
    const observed = attributesFrom(entry.path, 'faiss', 'observed');
    observed.add('name', nameOf(entry.path));
    observed.add('mlbom:vector:engine', `faiss ${index.kinds.join(',')}`);
    observed.add('mlbom:vector:dimension', String(index.dimension));
    observed.add('mlbom:vector:metric', index.metric);
    observed.add('mlbom:vector:count', String(index.count));
    if (index.lists !== undefined) observed.add('mlbom:dataset:statistic', `lists=${index.lists}`);
    const place = entry.container === undefined ? entry.path : describedPlace(entry);
    return { facts: [placedVectors(place, observed)], problems: [], findings: [] };
  },
};
