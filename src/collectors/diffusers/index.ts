import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isObject } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { configuredCode, configuredCodeRules } from '../configured-code.ts';
import { describedDirectory } from '../described-directory.ts';
import { readJsonFile } from '../json-file.ts';

/** `model_index.json` of Diffusers: a pipeline, and the class of each of its models. */
export const diffusers: FileCollector = {
  id: 'diffusers',
  version: 1,
  rules: configuredCodeRules,
  wants: (entry) => nameOf(entry.path) === 'model_index.json',
  async collect(entry): Promise<Collected> {
    const index = await readJsonFile(entry);
    const attributes = attributesFrom(entry.path, 'diffusers');
    attributes.add('modelArchitecture', textAt(index, '_class_name'), '_class_name');
    const version = textAt(index, '_diffusers_version');
    attributes.add('mlbom:model:producer', version && `diffusers ${version}`, '_diffusers_version');
    const findings = configuredCode(index, entry.path);
    if (attributes.list.length === 0) return { ...nothing, findings };
    attributes.add('mlbom:model:library', 'diffusers');
    for (const [part, named] of Object.entries(index)) {
      // `"unet": ["diffusers", "UNet2DConditionModel"]`; a part that is left out is `[null, null]`.
      if (!Array.isArray(named) || isObject(named)) continue;
      const names = named.filter((name) => typeof name === 'string');
      if (names.length > 0) attributes.add('mlbom:model:classes', `${part}: ${names.join('.')}`, part);
    }
    return { ...describedDirectory(entry, attributes), findings };
  },
};
