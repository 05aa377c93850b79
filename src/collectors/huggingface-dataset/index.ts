import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { finding } from '../../core/finding.ts';
import { isObject, setMember, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { isDatasetCard, mayBeDatasetCard } from '../dataset-card.ts';
import { describedDataset, describedPlace, placedDataset } from '../dataset-place.ts';
import { readFrontMatter } from '../front-matter.ts';
import { isPackaged } from '../is-packaged.ts';
import { readJsonFile } from '../json-file.ts';
import { addCard } from './card.ts';
import { addDatasetInfos, addDescription } from './dataset-info.ts';
import { loadingClassOf, mayBeLoadingScript } from './loading-script.ts';
import { loadingScript } from './rules.ts';
import { addState, filesOf } from './saved.ts';

const id = 'huggingface-dataset';
/** By name, a member that tells the file from others of that name. */
const descriptions: Readonly<Record<string, string>> = {
  'dataset_info.json': '"splits"|"features"',
  'dataset_infos.json': '"splits"|"features"',
  'state.json': '"_data_files"',
};

/** Datasets as the Hub, `datasets` and TensorFlow Datasets describe them; and the scripts that load them. */
export const huggingfaceDataset: FileCollector = {
  id,
  version: 1,
  rules: [loadingScript],
  wants(entry, head) {
    if (head.length === 0 || isPackaged(entry.path)) return false;
    const name = nameOf(entry.path);
    if (name === 'README.md') return mayBeDatasetCard(head);
    if (name.endsWith('.py')) return mayBeLoadingScript(head);
    if (!Object.hasOwn(descriptions, name)) return false;
    return new RegExp(descriptions[name] ?? '').test(Buffer.from(head).toString('latin1'));
  },
  async collect(entry): Promise<Collected> {
    const name = nameOf(entry.path);
    if (name.endsWith('.py')) return collectScript(entry);
    return name === 'README.md' ? collectCard(entry) : collectDescription(entry, name);
  },
};

async function collectCard(entry: Entry): Promise<Collected> {
  const card = await readFrontMatter(entry);
  if (!isObject(card) || !isDatasetCard(card)) return nothing;
  const attributes = attributesFrom(entry.path, id);
  const relations = addCard(card, attributes);
  return { ...nothing, facts: [placedDataset(describedPlace(entry), attributes, relations)] };
}

async function collectDescription(entry: Entry, name: string): Promise<Collected> {
  const json = await readJsonFile(entry, limits.datasetDescriptionBytes);
  const attributes = attributesFrom(entry.path, id);
  const directory = describedDataset(entry);
  if (name === 'state.json') {
    addState(json, attributes);
    const list = filesOf(json, entry.path, directory);
    const lists = list && entry.container === undefined ? [list] : [];
    return { ...nothing, facts: [placedDataset(directory, attributes)], lists };
  }
  if (name === 'dataset_info.json') {
    addDescription(json, attributes);
    addDatasetInfos([json], attributes, '');
  } else {
    const infos = Object.entries(json).flatMap(([config, info]) =>
      isObject(info) ? [named(info, config)] : [],
    );
    if (infos.length === 1 && infos[0]) addDescription(infos[0], attributes);
    addDatasetInfos(infos.slice(0, limits.datasetListEntries), attributes, 'splits');
  }
  return { ...nothing, facts: [placedDataset(directory, attributes)] };
}

function named(info: JsonObject, config: string): JsonObject {
  const copy = { ...info };
  setMember(copy, 'config_name', config);
  return copy;
}

async function collectScript(entry: Entry): Promise<Collected> {
  const found = loadingClassOf(await entry.head(Math.min(entry.size, limits.loadingScriptBytes)));
  if (!found) return nothing;
  const message = `the class ${found.name} loads a dataset with code of its own`;
  const place = { offset: found.offset, symbol: found.name };
  return { ...nothing, findings: [finding(loadingScript, entry.path, message, place)] };
}
