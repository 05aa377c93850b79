import type { Collected, FileCollector } from '../../core/collector.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

/** The information of a model stands among its trees, at the start of the core. */
const probed = 4 * 1024 * 1024;

/** CatBoost's own format: `CBM1`, a length, and a FlatBuffers table whose texts say how it was trained. */
export const catboost: FileCollector = {
  id: 'catboost',
  version: 1,
  readsFirst: probed,
  wants: (_, head) => head[0] === 0x43 && Buffer.from(head.subarray(0, 4)).toString('latin1') === 'CBM1',
  async collect(entry): Promise<Collected> {
    const text = Buffer.from(await entry.head(probed)).toString('latin1');
    const attributes = attributesFrom(entry.path, 'catboost', 'observed');
    attributes.add('mlbom:model:format', 'catboost');
    attributes.add('mlbom:model:library', 'catboost');
    attributes.add('mlbom:model:format-version', /(?:Flab|Flat)uffersModel_v\d{1,3}/.exec(text)?.[0]);
    const declared = attributesFrom(entry.path, 'catboost');
    const release = /CatBoost release (\d[\d.]{0,20}\d)/.exec(text)?.[1];
    declared.add('mlbom:model:producer', release && `catboost ${release}`, 'catboost_version_info');
    const loss = /"loss_function":\{"type":"(\w{1,64})"/.exec(text)?.[1];
    declared.add('mlbom:model:header', loss && `loss_function=${loss}`, 'params');
    const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/.exec(text)?.[0];
    declared.add('mlbom:model:provenance', time && `train_finish_time=${time}`, 'train_finish_time');
    const guid = /[0-9a-f]{6,8}(?:-[0-9a-f]{6,8}){3}/.exec(text)?.[0];
    declared.add('mlbom:model:provenance', guid && `model_guid=${guid}`, 'model_guid');
    return weightsFact(entry, [attributes, declared]);
  },
};
