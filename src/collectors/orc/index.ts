import type { Collected, FileCollector } from '../../core/collector.ts';
import { limits } from '../../core/limits.ts';
import { incomplete } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';
import { isOrc, readOrc } from '../../formats/orc/read-orc.ts';
import { attributesFrom } from '../attributes.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';

/** ORC files by their footer. */
export const orc: FileCollector = {
  id: 'orc',
  version: 1,
  // Three letters are little; a text that begins with them has no byte like the first stripe's.
  wants: (entry, head) =>
    isOrc(head) && !isPackaged(entry.path) && (entry.path.endsWith('.orc') || !isText(head)),
  async collect(entry): Promise<Collected> {
    const { codec, version, footer } = await readOrc(entry);
    const observed = attributesFrom(entry.path, 'orc', 'observed');
    observed.add('mlbom:dataset:format', 'orc');
    observed.add('mimeType', 'application/vnd.apache.orc');
    observed.add('mlbom:file:format-version', version);
    observed.add('mlbom:file:header', `compression=${codec}`);

    if (!footer) {
      const problem = incomplete(
        'unsupported',
        entry.path,
        `orc: a footer compressed with ${codec} is not read`,
      );
      return { facts: dataFiles(entry, observed), problems: [problem], findings: [] };
    }
    observed.add('mlbom:dataset:rows', String(footer.rows));
    addColumns(observed, footer.columns, 'types');
    observed.add('mlbom:file:header', `stripes=${footer.stripes}`);
    const keys = footer.keys.join(',');
    if (keys !== '')
      observed.add('mlbom:file:header', shortened(`metadata-keys=${keys}`, limits.provenanceText));
    return { facts: dataFiles(entry, observed), problems: [], findings: [] };
  },
};

function isText(head: Uint8Array): boolean {
  return !head.subarray(0, 256).some((byte) => byte < 9);
}
