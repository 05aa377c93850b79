import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

/** The values before the first tree; thousands of feature names may stand among them. */
const probed = 256 * 1024;
const kept = ['objective', 'num_class', 'max_feature_idx'] as const;

/** Text models of LightGBM: `tree`, then `key=value` lines. */
export const lightgbm: FileCollector = {
  id: 'lightgbm',
  version: 1,
  wants: (_, head) =>
    head[0] === 0x74 &&
    /^tree\r?\n(?:version|num_class)=/.test(Buffer.from(head.subarray(0, 32)).toString('latin1')),
  async collect(entry): Promise<Collected> {
    const text = Buffer.from(await entry.head(probed)).toString('utf8');
    const values = new Map<string, string>();
    for (const line of text.split(/\r?\n/).slice(1)) {
      const equals = line.indexOf('=');
      if (equals < 0) break;
      values.set(line.slice(0, equals), line.slice(equals + 1));
    }
    if (values.size === 0) return nothing;
    const attributes = attributesFrom(entry.path, 'lightgbm', 'observed');
    attributes.add('mlbom:model:format', 'lightgbm');
    attributes.add('mlbom:model:library', 'lightgbm');
    attributes.add('mlbom:model:format-version', values.get('version'), 'version');
    for (const name of kept) {
      const value = values.get(name);
      attributes.add('mlbom:model:header', value && `${name}=${value}`, name);
    }
    return weightsFact(entry, [attributes]);
  },
};
