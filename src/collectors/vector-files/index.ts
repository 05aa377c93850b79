import type { Collected, FileCollector } from '../../core/collector.ts';
import { nameOf } from '../../core/path.ts';
import { isUsearch, readUsearch } from '../../formats/usearch.ts';
import { attributesFrom } from '../attributes.ts';
import { describedPlace, placedVectors } from '../dataset-place.ts';
import { isPackaged } from '../is-packaged.ts';

/** Indexes in one file of their own: usearch's. What hnswlib and Annoy write has no mark by which to know it. */
export const vectorFiles: FileCollector = {
  id: 'vector-files',
  version: 1,
  // With its vectors in front, the head stands too far back to be seen here.
  wants: (entry, head) =>
    (isUsearch(head) || (head.length > 0 && entry.path.endsWith('.usearch'))) && !isPackaged(entry.path),
  async collect(entry): Promise<Collected> {
    const index = await readUsearch(entry);
    const observed = attributesFrom(entry.path, 'vector-files', 'observed');
    observed.add('name', nameOf(entry.path));
    observed.add('mlbom:vector:engine', `usearch ${index.version}`);
    observed.add('mlbom:vector:dimension', String(index.dimension));
    observed.add('mlbom:vector:metric', index.metric);
    observed.add('mlbom:vector:count', String(index.count));
    observed.add('mlbom:dataset:statistic', `scalar=${index.scalar}`);
    const place = entry.container === undefined ? entry.path : describedPlace(entry);
    return { facts: [placedVectors(place, observed)], problems: [], findings: [] };
  },
};
