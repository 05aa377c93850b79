import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { ends } from '../../formats/ends.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

/** Enough for the names of a few thousand features and for the end of the document. */
const probed = 64 * 1024;
const json = /^\s*\{\s*"(?:learner"\s*:\s*\{|version"\s*:\s*\[\s*\d)/;
const ubjson = /^\{L\0{7}\x07(?:learner|version)/;

/**
 * Models of XGBoost: JSON and UBJSON (its "model schema"), and the binary format that 3.0 gave up.
 * Head and tail are looked at; the trees between them are not.
 */
export const xgboost: FileCollector = {
  id: 'xgboost',
  version: 1,
  wants: (_, head) => {
    if (head[0] === 0x62) return Buffer.from(head.subarray(0, 4)).toString('latin1') === 'binf';
    if (head[0] !== 0x7b && head[0] !== 0x20) return false;
    const text = Buffer.from(head.subarray(0, 64)).toString('latin1');
    return ubjson.test(text) || json.test(text);
  },
  async collect(entry): Promise<Collected> {
    const { head, tail } = await ends(entry, probed);
    if (head.startsWith('binf')) {
      const old = attributesFrom(entry.path, 'xgboost', 'observed');
      old.add('mlbom:model:format', 'xgboost-binary');
      old.add('mlbom:model:portability', 'the binary format is read by XGBoost before 3.0 only');
      return weightsFact(entry, [old]);
    }
    const isBinary = ubjson.test(head);
    const read = isBinary ? binaryValues(head, tail) : textValues(head, tail);
    // `{"version": …` begins many documents; only XGBoost's has a learner.
    if (read.version === undefined || !`${head}${tail}`.includes('learner')) return nothing;
    const attributes = attributesFrom(entry.path, 'xgboost', 'observed');
    attributes.add('mlbom:model:format', isBinary ? 'xgboost-ubjson' : 'xgboost-json');
    attributes.add('mlbom:model:library', 'xgboost');
    const declared = attributesFrom(entry.path, 'xgboost');
    declared.add('mlbom:model:producer', `xgboost ${read.version}`, 'version');
    declared.add('mlbom:model:header', read.objective && `objective=${read.objective}`, 'learner.objective');
    declared.add(
      'mlbom:model:header',
      read.features && `num_feature=${read.features}`,
      'learner_model_param',
    );
    return weightsFact(entry, [attributes, declared]);
  },
};

interface Values {
  readonly version: string | undefined;
  readonly objective: string | undefined;
  readonly features: string | undefined;
}

function textValues(head: string, tail: string): Values {
  const both = `${head}${tail}`;
  return {
    version: /"version"\s*:\s*\[\s*(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*(\d{1,4})\s*\]/
      .exec(both)
      ?.slice(1)
      .join('.'),
    objective: /"objective"\s*:\s*\{\s*"name"\s*:\s*"([\w:]{1,64})"/.exec(both)?.[1],
    features: /"num_feature"\s*:\s*"(\d{1,12})"/.exec(both)?.[1],
  };
}

/** Keys are `L`, eight bytes of length, the name; a text is `S`, `L`, eight bytes of length, and its bytes. */
function binaryValues(head: string, tail: string): Values {
  const both = `${head}${tail}`;
  const numbers = /version\[#L\0{7}\x03((?:i[\s\S]){3})/.exec(both)?.[1];
  return {
    version: numbers && [1, 3, 5].map((at) => numbers.charCodeAt(at)).join('.'),
    objective: /objective\{L\0{7}\x04nameSL\0{7}[\s\S]([\w:]{1,64})/.exec(both)?.[1]?.replace(/L$/, ''),
    features: /num_featureSL\0{7}[\s\S](\d{1,12})/.exec(both)?.[1],
  };
}
