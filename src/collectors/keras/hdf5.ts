import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { nameOf } from '../../core/path.ts';
import { readHdf5, type Hdf5 } from '../../formats/hdf5/read-hdf5.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { modelFact } from '../model-fact.ts';
import { addConfigAttributes, addTrainingAttributes } from './config-attributes.ts';
import { optimizerTensors, structureFindings, structureProblems, tensorsOf } from './hdf5-structure.ts';
import { parsedConfig, refused, type ParsedConfig } from './parsed-config.ts';

/** Attributes of the root group by which programs tell their files. */
const known = ['encoding-type', 'encoding-version', 'PYTABLES_FORMAT_VERSION', '_NCProperties'];

/** What the collector describes when it comes to the archive. */
const inArchive = /\.(?:keras|zip)!\/model\.weights\.h5$/i;

/** An HDF5 file: Keras weights, with or without the model around them, or data of any other kind. */
export async function collectHdf5(entry: Entry): Promise<Collected> {
  const file = await readHdf5(entry);
  const findings = structureFindings(entry, file);
  const problems = structureProblems(entry, file);
  const isKeras = isKerasFile(entry, file);
  const configs = [...configsOf(entry, file), ...(isKeras ? unreadConfig(entry, file) : [])];
  findings.push(...configs.flatMap((config) => config.findings));
  problems.push(...configs.flatMap((config) => config.problems));
  // Of the weights in a `.keras` archive the collector says all when it comes to the archive.
  if (inArchive.test(entry.path)) return { facts: [], findings, problems };
  return { facts: [isKeras ? kerasFact(entry, file, configs) : dataFact(entry, file)], findings, problems };
}

function isKerasFile({ path }: Entry, { attributes, datasets }: Hdf5): boolean {
  if (/\.weights\.(?:h5|hdf5)$/i.test(path)) return true;
  if (['model_config', 'keras_version', 'layer_names'].some((name) => attributes.has(name))) return true;
  return datasets.some(
    (dataset) => /(?:^|\/)vars\/\d+$/.test(dataset.path) || dataset.path.startsWith('model_weights/'),
  );
}

/** The configurations of model and training, in this order. */
function configsOf(entry: Entry, { attributes }: Hdf5): (ParsedConfig & { readonly at: string })[] {
  return ['model_config', 'training_config'].flatMap((at) => {
    const text = attributes.get(at);
    return typeof text === 'string' ? [{ at, ...parsedConfig(entry, text, at, true) }] : [];
  });
}

/** Attributes of the root that were not read may be the configuration. */
function unreadConfig(
  entry: Entry,
  { unread, attributes }: Hdf5,
): (ParsedConfig & { readonly at: string })[] {
  const reason = unread.find(({ path }) => path === '')?.reason;
  if (reason === undefined || attributes.has('model_config')) return [];
  const at = 'model_config';
  return [{ at, ...refused(entry, at, reason), problems: [] }];
}

function kerasFact(
  entry: Entry,
  file: Hdf5,
  configs: readonly (ParsedConfig & { readonly at: string })[],
): Fact {
  const observed = attributesFrom(entry.path, 'keras', 'observed');
  observed.add('mlbom:model:format', 'keras-h5');
  observed.add('mimeType', 'application/x-hdf5');
  const optimizer = optimizerTensors(file.datasets);
  if (optimizer > 0) observed.add('mlbom:model:header', `optimizer tensors=${optimizer}`);
  const declared = attributesFrom(entry.path, 'keras');
  const version = textOf(file, 'keras_version');
  declared.add(
    'mlbom:model:producer',
    version === undefined ? undefined : `keras ${version}`,
    'keras_version',
  );
  const backend = textOf(file, 'backend');
  declared.add('mlbom:model:header', backend === undefined ? undefined : `backend=${backend}`, 'backend');
  for (const { at, config, examined } of configs) {
    if (config === undefined || examined === undefined) continue;
    if (at === 'model_config') addConfigAttributes(config, examined, declared, at);
    else addTrainingAttributes(config, declared, at);
  }
  const derived = attributesFrom(entry.path, 'keras', 'derived');
  derived.add('mlbom:model:library', 'keras');
  return modelFact(entry, [observed, declared, derived], {
    tensors: { tensors: tensorsOf(file.datasets, 0) },
  });
}

/** Data, a table, an image: HDF5 holds anything. */
function dataFact(entry: Entry, file: Hdf5): Fact {
  const observed = attributesFrom(entry.path, 'keras', 'observed');
  observed.add('mlbom:file:format', 'hdf5');
  observed.add('mlbom:file:format-version', `superblock ${file.version}`);
  observed.add('mimeType', 'application/x-hdf5');
  observed.add('mlbom:file:header', `datasets=${file.datasets.length}`);
  observed.add('mlbom:file:header', `groups=${file.groups}`);
  const declared = attributesFrom(entry.path, 'keras');
  for (const name of known) {
    const value = textOf(file, name);
    declared.add('mlbom:file:header', value === undefined ? undefined : `${name}=${value}`, name);
  }
  return fileFact(entry.path, [observed, declared]);
}

function textOf({ attributes }: Hdf5, name: string): string | undefined {
  const value = attributes.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Names under which Keras saves HDF5. */
export function isHdf5Name(path: string): boolean {
  return /\.(?:h5|hdf5)$/i.test(nameOf(path));
}
