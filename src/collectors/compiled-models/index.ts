import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightsFact } from '../weights-fact.ts';
import { addRknn, isRknn } from './rknn.ts';
import { addTensorrt, tensorrtOffset } from './tensorrt.ts';

/** Models compiled for one runtime and chip, whose inside nobody documents: what can be told of them is what they run on. */
export const compiledModels: FileCollector = {
  id: 'compiled-models',
  version: 1,
  wants: ({ path }, head) =>
    isRknn(head) || tensorrtOffset(head) === 0 || (mayHavePrefix(path) && hasPrefix(head)),
  unread: (entry) => unreadWeights(entry, entry.path.endsWith('.rknn') ? 'rknn' : 'tensorrt'),
  async collect(entry): Promise<Collected> {
    const head = await entry.head(limits.headBytes);
    const observed = attributesFrom(entry.path, 'compiled-models', 'observed');
    const declared = attributesFrom(entry.path, 'compiled-models');
    await addFacts(entry, head, observed, declared);
    return weightsFact(entry, [observed, declared]);
  },
};

async function addFacts(
  entry: Entry,
  head: Uint8Array,
  observed: AttributeList,
  declared: AttributeList,
): Promise<void> {
  if (isRknn(head)) await addRknn(entry, observed, declared);
  else await addTensorrt(entry, observed, declared);
}

function mayHavePrefix(path: string): boolean {
  return /\.(?:engine|plan|trt)$/.test(path);
}

/** A length of less than 16 MB, then JSON: how Ultralytics keeps its metadata. */
function hasPrefix(head: Uint8Array): boolean {
  return head[3] === 0 && head[4] === 0x7b;
}
