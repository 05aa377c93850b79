import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { parseJson, isObject } from '../../core/json.ts';
import { textsAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { datasetKey, describedDataset, placedDataset } from '../dataset-place.ts';
import { describe } from './describe.ts';
import { distributionOf, objectsAt } from './distribution.ts';
import { malformedDigest } from './rules.ts';

const namespace = 'mlcommons.org/croissant';

/** Descriptions of datasets in Croissant: JSON-LD whose context or `conformsTo` has its namespace. */
export const croissant: FileCollector = {
  id: 'croissant',
  version: 1,
  rules: [malformedDigest],
  wants: (entry, head) =>
    /\.json(?:ld)?$/.test(entry.path) && Buffer.from(head).toString('latin1').includes(namespace),
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.datasetDescriptionBytes, entry.path);
    const json = parseJson(bytes, { subject: entry.path });
    if (!isObject(json) || !textsAt(json, '@type').some((type) => /(?:^|[:/])Dataset$/.test(type)))
      return nothing;
    const attributes = attributesFrom(entry.path, 'croissant');
    const list = objectsAt(json, 'distribution');
    const distribution = distributionOf(list, entry);
    describe(json, distribution, attributes);
    const place = describedDataset(entry);
    const { files, findings } = distribution;
    const lists =
      files.length > 0 && entry.container === undefined
        ? [{ component: datasetKey(place), path: entry.path, files, owns: [], describes: true }]
        : [];
    const problems: Problem[] =
      list.length > limits.datasetListEntries
        ? [
            incomplete(
              'limit',
              entry.path,
              `only ${limits.datasetListEntries} of ${list.length} files are looked at`,
            ),
          ]
        : [];
    return { facts: [placedDataset(place, attributes)], problems, findings, lists };
  },
};
