import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { isHdf5At } from '../../formats/hdf5/superblock.ts';
import { readAll } from '../../formats/read-all.ts';
import { isZip } from '../../formats/zip/is-zip.ts';
import { attributesFrom } from '../attributes.ts';
import { unreadWeights } from '../unread-weights.ts';
import { collectArchive } from './archive.ts';
import { addConfigAttributes } from './config-attributes.ts';
import { collectHdf5, isHdf5Name } from './hdf5.ts';
import { parsedConfig } from './parsed-config.ts';
import { kerasRules } from './rules.ts';

/** Keras models: archives of Keras 3, HDF5 files (of which all are looked at), configurations in JSON. */
export const keras: FileCollector = {
  id: 'keras',
  version: 1,
  rules: kerasRules,
  wants: ({ path }, head) => isHdf5(path, head) || isArchive(path, head) || isConfig(path, head),
  unread: (entry) => unreadWeights(entry, /\.keras$/i.test(entry.path) ? 'keras' : 'keras-h5'),
  async collect(entry): Promise<Collected> {
    const head = await entry.head(limits.headBytes);
    if (isConfig(entry.path, head)) return collectConfig(entry);
    if (isZip(head) || !isHdf5(entry.path, head)) return collectArchive(entry);
    return collectHdf5(entry);
  },
};

/** A user block moves the signature, at most to where the head ends; beyond that the name makes one look. */
function isHdf5(path: string, head: Uint8Array): boolean {
  if (isHdf5At(head)) return true;
  if (head.length < 512) return false;
  return (
    isHdf5At(head, 512) || isHdf5At(head, 1024) || isHdf5At(head, 2048) || (isHdf5Name(path) && !isZip(head))
  );
}

function isArchive(path: string, head: Uint8Array): boolean {
  return isZip(head) || (head.length > 0 && /\.keras$/i.test(path));
}

/** What the collector reads when it comes to the archive. */
const inArchive = /\.(?:keras|zip)!\/config\.json$/i;

/** JSON that says early on of which class of Keras it is. */
function isConfig(path: string, head: Uint8Array): boolean {
  if (!path.endsWith('.json') || inArchive.test(path)) return false;
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return text.includes('"class_name"') && text.includes('keras');
}

/** `model.to_json()`, or the configuration of an unpacked model: loading it builds the same objects. */
async function collectConfig(entry: Entry): Promise<Collected> {
  const bytes = await readAll(entry, limits.kerasConfigBytes, entry.path);
  const { config, examined, findings, problems } = parsedConfig(entry, bytes, nameOf(entry.path), false);
  // Others write class names too: scikit-learn, TensorFlow.js around its own.
  const isModel = textAt(config, 'class_name') !== undefined && valueAt(config, 'config') !== undefined;
  if (config !== undefined && !isModel) return nothing;
  if (config === undefined || examined === undefined) return { facts: [], findings, problems };
  const declared = attributesFrom(entry.path, 'keras');
  addConfigAttributes(config, examined, declared, nameOf(entry.path));
  declared.add('mlbom:model:library', 'keras');
  const version = textAt(config, 'keras_version');
  declared.add(
    'mlbom:model:producer',
    version === undefined ? undefined : `keras ${version}`,
    'keras_version',
  );
  const unpacked = nameOf(entry.path) === 'config.json';
  const about = unpacked
    ? ({ kind: 'directory', path: directoryOf(entry.path) } as const)
    : ({ kind: 'file', path: entry.path } as const);
  return {
    facts: [{ about, type: 'file', attributes: declared.list, relations: [] }],
    findings,
    problems,
  };
}
