import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Relation, Target } from '../../core/fact.ts';
import { modelTarget } from '../../core/hub.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { describedDirectory } from '../described-directory.ts';
import { parametersOf } from '../parameters.ts';
import { readYamlFile } from '../yaml-file.ts';

/** Models of one merge; the largest "frankenmerges" name a few dozen. */
const most = 256;

/** `mergekit_config.yml`, which mergekit writes beside what it merged: the models and how they were joined. */
export const mergekit: FileCollector = {
  id: 'mergekit',
  version: 1,
  wants: ({ path }) => /^mergekit_(?:moe_)?config\.ya?ml$/.test(nameOf(path)),
  async collect(entry): Promise<Collected> {
    const config = await readYamlFile(entry);
    if (!config) return nothing;
    const attributes = attributesFrom(entry.path, 'mergekit');
    const method = textAt(config, 'merge_method');
    attributes.add('mlbom:model:provenance', method && `merge_method=${method}`, 'merge_method');
    const names = new Map<string, Target>();
    for (const name of namesIn(config)) {
      const to = modelTarget(name);
      if (names.size < most) names.set(to.purl ?? to.name, to);
    }
    const inputs = [...names.values()];
    const relations = inputs.map((to): Relation => {
      return { type: 'base-model', how: 'merge', to, evidence: attributes.evidence('models') };
    });
    return {
      ...describedDirectory(entry, attributes, relations),
      runs: [
        {
          key: entry.path,
          name: 'merge',
          parameters: parametersOf({
            ...(method === undefined ? {} : { merge_method: method }),
            dtype: valueAt(config, 'dtype') as string,
            parameters: (valueAt(config, 'parameters') ?? null) as JsonObject,
          }),
          inputs: inputs.map((to) => ({ type: 'model', to })),
          output: directoryOf(entry.path),
          tools: [{ name: 'mergekit', purl: 'pkg:pypi/mergekit' }],
          evidence: attributes.evidence(),
        },
      ],
    };
  },
};

/** `base_model`, `models[].model`, `slices[].sources[].model`, `experts[].source_model`. */
function* namesIn(config: JsonObject): Generator<string> {
  const base = textAt(config, 'base_model');
  if (base !== undefined) yield base;
  for (const list of ['models', 'experts']) {
    for (const item of listAt(config, list)) yield* modelsIn(item);
  }
  for (const slice of listAt(config, 'slices')) {
    for (const source of listAt(slice, 'sources')) yield* modelsIn(source);
  }
}

function* modelsIn(item: unknown): Generator<string> {
  for (const name of ['model', 'source_model']) {
    const value = valueAt(item, name);
    // `model: {model: {path: …}}` is mergekit's long form.
    const text =
      typeof value === 'string' ? value : (textAt(value, 'path') ?? textAt(value, 'model', 'path'));
    if (text !== undefined && text !== '') yield text;
  }
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = isObject(value) ? valueAt(value, name) : undefined;
  return Array.isArray(list) ? list : [];
}
