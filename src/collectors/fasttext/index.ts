import type { Collected, FileCollector } from '../../core/collector.ts';
import { MlbomError } from '../../core/errors.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

/** `FASTTEXT_FILEFORMAT_MAGIC_INT32` of fastText. */
const magic = 793_712_314;
const losses: Readonly<Record<number, string>> = {
  1: 'hierarchical softmax',
  2: 'negative sampling',
  3: 'softmax',
  4: 'one-vs-all',
};
const kinds: Readonly<Record<number, string>> = { 1: 'cbow', 2: 'skipgram', 3: 'supervised' };

/** Models of fastText (`.bin`, quantized `.ftz`): magic, version, then twelve int32 of its arguments. */
export const fasttext: FileCollector = {
  id: 'fasttext',
  version: 1,
  wants: (_, head) => head[0] === 0xba && head.length >= 8 && Buffer.from(head).readInt32LE(0) === magic,
  async collect(entry): Promise<Collected> {
    const head = Buffer.from(await entry.head(56));
    if (head.length < 56) {
      throw new MlbomError('E_MALFORMED', 'fasttext: ends in its arguments', { rule: 'fasttext-truncated' });
    }
    const attributes = attributesFrom(entry.path, 'fasttext', 'observed');
    attributes.add('mlbom:model:format', 'fasttext');
    attributes.add('mlbom:model:library', 'fasttext');
    attributes.add('mlbom:model:format-version', String(head.readInt32LE(4)));
    const argument = (index: number): number => head.readInt32LE(8 + 4 * index);
    attributes.add('mlbom:model:embedding-length', String(argument(0)), 'dim');
    attributes.add('modelArchitecture', kinds[argument(7)], 'model');
    const loss = losses[argument(6)];
    attributes.add('mlbom:model:header', loss && `loss=${loss}`, 'loss');
    return weightsFact(entry, [attributes]);
  },
};
