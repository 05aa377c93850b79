import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Relation } from '../../core/fact.ts';
import { modelTarget } from '../../core/hub.ts';
import { numberAt, textAt, textsAt } from '../../core/json-access.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { readJsonFile } from '../json-file.ts';

/** `adapter_config.json` of PEFT: what kind of adapter, and which base it needs. */
export const peft: FileCollector = {
  id: 'peft',
  version: 1,
  wants: (entry) => nameOf(entry.path) === 'adapter_config.json',
  async collect(entry): Promise<Collected> {
    const config = await readJsonFile(entry);
    const attributes = attributesFrom(entry.path, 'peft');
    const rank = numberAt(config, 'r');
    attributes.add('mlbom:model:adapter', textAt(config, 'peft_type'), 'peft_type');
    attributes.add('mlbom:model:adapter-rank', rank === undefined ? undefined : String(rank), 'r');
    attributes.add(
      'mlbom:model:adapter-targets',
      textsAt(config, 'target_modules').sort().join(','),
      'target_modules',
    );

    const base = textAt(config, 'base_model_name_or_path');
    const relations: Relation[] = [];
    if (base !== undefined) {
      const to = modelTarget(base, textAt(config, 'revision'));
      const evidence = attributes.evidence('base_model_name_or_path');
      relations.push({ type: 'base-model', how: 'adapter', to, evidence });
    }
    if (attributes.list.length === 0 && relations.length === 0) return nothing;
    const about = { kind: 'directory', path: directoryOf(entry.path) } as const;
    return {
      facts: [{ about, type: 'machine-learning-model', attributes: attributes.list, relations }],
      problems: [],
      findings: [],
    };
  },
};
