import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { nameOf } from '../../core/path.ts';
import { isGraphDef, isMetaGraph, isSavedModel } from '../../formats/tensorflow-heads.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { collectCheckpoint, collectLatest, collectShard } from './checkpoint.ts';
import { collectFingerprint } from './fingerprint.ts';
import { tensorflowRules } from './rules.ts';
import { collectGraph, collectMetaGraph, collectSavedModel } from './saved-model.ts';

type Kind = 'saved-model' | 'graph' | 'meta-graph' | 'checkpoint' | 'shard' | 'latest' | 'fingerprint';

/** TensorFlow's own formats: SavedModel, frozen graphs, checkpoints. Graphs are told by their operators, never run. */
export const tensorflow: FileCollector = {
  id: 'tensorflow',
  version: 1,
  rules: tensorflowRules,
  wants: (entry, head) => kindOf(entry, head) !== undefined,
  async collect(entry): Promise<Collected> {
    switch (kindOf(entry, await entry.head(4096))) {
      case 'saved-model':
        return collectSavedModel(entry);
      case 'meta-graph':
        return collectMetaGraph(entry, nameOf(entry.path).replace(/\.meta$/, '.index'));
      case 'checkpoint':
        return collectCheckpoint(entry);
      case 'shard':
        return collectShard(entry);
      case 'latest':
        return collectLatest(entry);
      case 'fingerprint':
        return collectFingerprint(entry);
      default:
        return collectGraph(entry);
    }
  },
  unread(entry): Fact {
    const name = nameOf(entry.path);
    const attributes = attributesFrom(entry.path, tensorflow.id);
    if (name === 'checkpoint' || name === 'fingerprint.pb') {
      return fileFact(entry.path, [attributes]);
    }
    attributes.add('mlbom:model:format', unreadFormat(name), 'file name');
    const about = { kind: 'weights', path: entry.path } as const;
    return { about, type: 'machine-learning-model', attributes: attributes.list, relations: [] };
  },
};

function unreadFormat(name: string): string {
  if (name.endsWith('.index')) return 'tensorflow-checkpoint';
  return name === 'saved_model.pb' ? 'tensorflow-savedmodel' : 'tensorflow-graphdef';
}

/** What the file is. Shards of a checkpoint have no content of their own to tell them by. */
function kindOf(entry: Entry, head: Uint8Array): Kind | undefined {
  const name = nameOf(entry.path);
  if (name === 'saved_model.pb' || isSavedModel(head)) return 'saved-model';
  if (head.length === 0) return undefined;
  if (name === 'fingerprint.pb' && head[0] === 0x08) return 'fingerprint';
  if (name.endsWith('.index')) return isCheckpointIndex(head) ? 'checkpoint' : undefined;
  if (name.endsWith('.meta') && isMetaGraph(head)) return 'meta-graph';
  if (name === 'checkpoint' && startsWith(head, 'model_checkpoint_path:')) return 'latest';
  if (/\.data-\d{5}-of-\d{5}$/.test(name)) return 'shard';
  return isGraphDef(head) ? 'graph' : undefined;
}

/** A table whose first key is empty (nothing shared, nothing of its own) and whose first value is a bundle's header. */
function isCheckpointIndex(head: Uint8Array): boolean {
  return head[0] === 0 && head[1] === 0 && head[3] === 0x08;
}

function startsWith(head: Uint8Array, text: string): boolean {
  return Buffer.from(head.subarray(0, text.length)).toString('latin1') === text;
}
