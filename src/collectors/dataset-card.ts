import { isObject, type JsonObject } from '../core/json.ts';
import { valueAt } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';

/** Keys of the Hub's dataset cards that its model cards do not have (hub-docs, datasetcard.md). */
const datasetKeys = [
  'task_categories',
  'task_ids',
  'size_categories',
  'source_datasets',
  'annotations_creators',
  'language_creators',
];
/** Keys that a card of a model has and one of a dataset does not. */
const modelKeys = ['pipeline_tag', 'base_model', 'model-index', 'library_name'];
const datasetLine = new RegExp(`^(?:dataset_info|${datasetKeys.join('|')}):|^- config_name:`, 'm');
const modelLine = new RegExp(`^(?:${modelKeys.join('|')}):`, 'm');

/**
 * True for the front matter of a card that describes a dataset: it has `dataset_info`, or one of the other keys of
 * dataset cards, or `configs` with `data_files`, and none of a model's.
 */
export function isDatasetCard(card: JsonObject): boolean {
  if (Object.hasOwn(card, 'dataset_info')) return true;
  if (modelKeys.some((key) => Object.hasOwn(card, key))) return false;
  return datasetKeys.some((key) => Object.hasOwn(card, key)) || hasDataFiles(card);
}

/** The same by the beginning of the file, as far as that goes. */
export function looksLikeDatasetCard(head: Uint8Array): boolean {
  const { text } = beginningOf(head);
  if (/^dataset_info:/m.test(text)) return true;
  return datasetLine.test(text) && !modelLine.test(text);
}

/** True when the beginning shows a dataset's card, or does not reach to where a card says what it is. */
export function mayBeDatasetCard(head: Uint8Array): boolean {
  const { text, ends } = beginningOf(head);
  return looksLikeDatasetCard(head) || (!ends && text !== '' && head.length >= limits.headBytes);
}

function beginningOf(head: Uint8Array): { readonly text: string; readonly ends: boolean } {
  const text = Buffer.from(head).toString('latin1');
  if (!text.startsWith('---')) return { text: '', ends: true };
  const end = text.search(/\n---[ \t]*\r?$/m);
  return end < 0 ? { text, ends: false } : { text: text.slice(0, end), ends: true };
}

function hasDataFiles(card: JsonObject): boolean {
  const configs = valueAt(card, 'configs');
  return (
    Array.isArray(configs) &&
    configs.some((config) => isObject(config) && ['config_name', 'data_files'].some((key) => key in config))
  );
}
