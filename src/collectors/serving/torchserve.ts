import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { readJsonFile } from '../json-file.ts';
import { servingFact } from './component.ts';

/** `MAR-INF/MANIFEST.json` of a TorchServe archive: the model, its weights and the code that serves it. */
export async function collectTorchserve(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const manifest = await readJsonFile(entry, limits.configBytes);
  const model = valueAt(manifest, 'model');
  if (!isObject(model))
    throw new MlbomError('E_MALFORMED', `${path}: names no model`, {
      subject: path,
      rule: 'torchserve-manifest',
    });
  const declared = attributesFrom(path, 'serving');
  declared.add('name', textAt(model, 'modelName'), '/model/modelName');
  declared.add('version', textAt(model, 'modelVersion'), '/model/modelVersion');
  declared.add('description', textAt(manifest, 'description'), '/description');
  const file = attributesFrom(path, 'serving');
  file.add('mlbom:file:format', 'torchserve-archive');
  file.add('mlbom:file:producer', textAt(manifest, 'archiverVersion'), '/archiverVersion');
  for (const [key, value] of [
    ['runtime', textAt(manifest, 'runtime')],
    ...['serializedFile', 'handler', 'modelFile', 'envelope'].map((key) => [key, textAt(model, key)]),
  ]) {
    // Some write the path where they had the file.
    const name = value === undefined ? '' : nameOf(value.replaceAll('\\', '/'));
    if (key !== undefined && name !== '' && name.length <= limits.provenanceText)
      file.add('mlbom:file:header', `${key}=${name}`, `/model/${key}`);
  }
  const archive = path.replace(/!?\/?MAR-INF\/MANIFEST\.json$/, '') || '.';
  return {
    ...nothing,
    facts: [servingFact(entry, archive, archive, declared.list), fileFact(path, [file])],
  };
}
