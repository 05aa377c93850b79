import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { datasetTarget, modelTarget } from '../../core/hub.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import type { RunInput } from '../../core/run.ts';
import { attributesFrom } from '../attributes.ts';
import { parametersOf } from '../parameters.ts';
import { readYamlFile } from '../yaml-file.ts';

/** Files of that name may be anybody's; those of a fine-tuning name a base and its data at their top. */
const config =
  /^(?:axolotl[\w.-]*|config|train[\w.-]*|finetune[\w.-]*|sft[\w.-]*|lora[\w.-]*|qlora[\w.-]*)\.ya?ml$/i;
const base = /^(?:base_model|model_name_or_path)\s*:/m;
const data = /^(?:datasets?|dataset_name|train_dataset)\s*:/m;

/**
 * A configuration of a fine-tuning: axolotl's (`base_model`, `datasets[].path`), LLaMA-Factory's and TRL's
 * (`model_name_or_path`, `dataset` or `dataset_name`).
 */
export const fineTuning: FileCollector = {
  id: 'fine-tuning',
  version: 1,
  wants: ({ path }, head) => {
    if (!config.test(nameOf(path))) return false;
    const text = Buffer.from(head).toString('latin1');
    return base.test(text) && data.test(text);
  },
  async collect(entry): Promise<Collected> {
    const document = await readYamlFile(entry);
    const model = textAt(document, 'base_model') ?? textAt(document, 'model_name_or_path');
    if (!document || model === undefined) return nothing;
    const to = modelTarget(model, textAt(document, 'revision_of_model'));
    return {
      ...nothing,
      runs: [
        {
          key: entry.path,
          name: 'fine-tuning',
          parameters: parametersOf(withoutData(document)),
          inputs: [{ type: 'model', to }, ...datasetsOf(document)],
          output: outputOf(document, entry),
          tools: toolOf(document, entry),
          evidence: attributesFrom(entry.path, 'fine-tuning').evidence(),
        },
      ],
    };
  },
};

function withoutData(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== 'datasets'));
}

function datasetsOf(document: JsonObject): RunInput[] {
  const listed = valueAt(document, 'datasets');
  const paths = Array.isArray(listed) ? listed.flatMap((item) => textAt(item, 'path') ?? []) : [];
  const named = ['dataset', 'dataset_name', 'train_dataset'].flatMap((name) =>
    textsAt(document, name).flatMap((text) => text.split(',')),
  );
  return [...new Set([...paths, ...named].map((text) => text.trim()).filter(Boolean))]
    .slice(0, 256)
    .map((text) => ({ type: 'dataset', to: datasetTarget(text) }));
}

/** A relative `output_dir` lies beside the configuration; anything else is somebody's disk. */
function outputOf(document: JsonObject, entry: Entry): string {
  const directory = directoryOf(entry.path);
  const output = textAt(document, 'output_dir')?.replace(/^\.\//, '').replace(/\/+$/, '');
  if (output === undefined || output.startsWith('/') || output.split('/').includes('..')) return directory;
  return directory === '.' ? output : `${directory}/${output}`;
}

function toolOf(document: JsonObject, entry: Entry): { name: string; version?: string }[] {
  const isAxolotl =
    nameOf(entry.path).startsWith('axolotl') || isObject(valueAt(document, 'axolotl_config_path'));
  if (!isAxolotl && textAt(document, 'base_model') === undefined) return [];
  const version = textAt(document, 'axolotl_version');
  return [{ name: 'axolotl', ...(version === undefined ? {} : { version }) }];
}
