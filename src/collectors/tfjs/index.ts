import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Relation } from '../../core/fact.ts';
import { isObject, parseJson, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { dataOutside } from '../external-data.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightsFact } from '../weights-fact.ts';
import { readManifest } from './manifest.ts';
import { addTopology } from './topology.ts';

/** The first key of a manifest by itself, and a key that every model has. */
const manifestStart = /^\s*\[\s*\{\s*"(?:paths|weights)"\s*:\s*\[/;
const modelKey = /"(?:modelTopology|weightsManifest)"\s*:/;
const curly = 0x7b;
const square = 0x5b;

/** TensorFlow.js models: `model.json`, or a manifest of weights alone, with the files of weights beside it. */
export const tfjs: FileCollector = {
  id: 'tfjs',
  version: 1,
  wants(entry, head) {
    if (!entry.path.endsWith('.json')) return false;
    const first = head.find((byte) => byte > 0x20);
    if (first !== curly && first !== square) return false;
    const text = Buffer.from(head).toString('latin1');
    return first === square ? manifestStart.test(text) : modelKey.test(text);
  },
  unread: (entry) => unreadWeights(entry, 'tfjs'),
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.repositoryFileBytes, 'TensorFlow.js model');
    const document = parseJson(bytes, { subject: 'TensorFlow.js model' });
    const model = isObject(document) ? document : undefined;
    const manifest = readManifest(model ? model['weightsManifest'] : document, entry.path);
    const observed = attributesFrom(entry.path, tfjs.id, 'observed');
    observed.add('mlbom:model:format', 'tfjs');
    const declared = attributesFrom(entry.path, tfjs.id);
    if (model) addModel(model, observed, declared);
    for (const type of manifest.quantizations)
      observed.add('mlbom:model:quantization', type, 'weights.quantization');
    const evidence = observed.evidence('paths');
    const relations = [...manifest.files].map(([path, bytes]): Relation => ({
      type: 'part',
      path,
      bytes,
      evidence,
    }));
    return weightsFact(entry, [observed, declared], {
      relations,
      tensors: { tensors: manifest.tensors },
      problems: dataOutside(entry, 'weights', manifest.escaping),
    });
  },
};

function addModel(model: JsonObject, observed: AttributeList, declared: AttributeList): void {
  const topology = model['modelTopology'];
  const format =
    textAt(model, 'format') ?? (valueAt(topology, 'node') === undefined ? 'layers-model' : 'graph-model');
  observed.add('mlbom:model:header', `format=${format}`, 'format');
  addTopology(model, observed, declared);
  const generator = textAt(model, 'generatedBy');
  const converter = textAt(model, 'convertedBy');
  declared.add(
    'mlbom:model:producer',
    converter ?? generator,
    converter === undefined ? 'generatedBy' : 'convertedBy',
  );
  if (converter !== undefined && generator !== undefined) {
    declared.add('mlbom:model:header', `generated-by=${generator}`, 'generatedBy');
  }
}
