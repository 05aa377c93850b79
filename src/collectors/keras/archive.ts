import { nothing, type Collected } from '../../core/collector.ts';
import type { ByteSource, Entry } from '../../core/entry.ts';
import { isMlbomError, messageOf } from '../../core/errors.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { parseJson } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { readHdf5 } from '../../formats/hdf5/read-hdf5.ts';
import { readAll } from '../../formats/read-all.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import type { Zip, ZipMember } from '../../formats/zip/zip-types.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { addConfigAttributes, addTrainingAttributes } from './config-attributes.ts';
import { optimizerTensors, tensorsOf } from './hdf5-structure.ts';
import { parsedConfig, refused, type ParsedConfig } from './parsed-config.ts';

const configName = 'config.json';
const weightsName = 'model.weights.h5';

/**
 * A zip as Keras 3 writes it: `config.json`, `metadata.json` and `model.weights.h5`. Of another zip it says nothing;
 * members as such, and what the HDF5 file in it points to, are told where the walk comes to them.
 */
export async function collectArchive(entry: Entry): Promise<Collected> {
  const claimed = /\.keras$/i.test(entry.path);
  const archive = await zipOf(entry, claimed);
  // Several of one name: each reader takes another one, so all are examined.
  const configs = archive ? named(archive, configName) : [];
  const [weights] = archive ? named(archive, weightsName) : [];
  if (!archive || (!claimed && weights === undefined)) return nothing;

  const observed = attributesFrom(entry.path, 'keras', 'observed');
  const declared = attributesFrom(entry.path, 'keras');
  observed.add('mlbom:model:format', 'keras');
  const problems: Problem[] = [];
  const read = await Promise.all(configs.map((member) => configOf(entry, member)));
  const [used] = read;
  if (used?.config !== undefined && used.examined !== undefined) {
    addConfigAttributes(used.config, used.examined, declared, configName);
    addTrainingAttributes(valueAt(used.config, 'compile_config'), declared, 'compile_config');
  }
  await addMetadata(entry, archive, declared, problems);
  const tensors = weights ? await weightsTensors(entry, weights, observed, problems) : undefined;
  const derived = attributesFrom(entry.path, 'keras', 'derived');
  derived.add('mlbom:model:library', 'keras');
  return {
    facts: [
      {
        about: { kind: 'weights', path: entry.path },
        type: 'machine-learning-model',
        attributes: [...observed.list, ...declared.list, ...derived.list],
        relations: [],
        ...(tensors ? { tensors: { tensors } } : {}),
      },
    ],
    problems: [...problems, ...read.flatMap((config) => config.problems)],
    findings: read.flatMap((config) => config.findings),
  };
}

/** A zip of any other name that cannot be read is told by whoever looks at zips. */
async function zipOf(entry: Entry, claimed: boolean): Promise<Zip | undefined> {
  try {
    return await readZip(entry);
  } catch (error) {
    if (!claimed && isMlbomError(error)) return undefined;
    throw error;
  }
}

function named({ members }: Zip, name: string): ZipMember[] {
  return members.filter((member) => member.name === name && member.type === 'file');
}

async function configOf(entry: Entry, member: ZipMember): Promise<ParsedConfig> {
  try {
    const text = await readAll(memberSource(entry, member), limits.kerasConfigBytes, configName);
    return parsedConfig(entry, text, configName, false);
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return refused(entry, configName, messageOf(error));
  }
}

/** `metadata.json`: the version of Keras and when the model was saved. */
async function addMetadata(
  entry: Entry,
  archive: Zip,
  attributes: AttributeList,
  problems: Problem[],
): Promise<void> {
  const [member] = named(archive, 'metadata.json');
  if (!member) return;
  try {
    const text = await readAll(memberSource(entry, member), limits.configBytes, 'metadata.json');
    const metadata = parseJson(text, { subject: 'metadata.json' });
    const version = textAt(metadata, 'keras_version');
    attributes.add(
      'mlbom:model:producer',
      version === undefined ? undefined : `keras ${version}`,
      'metadata.json/keras_version',
    );
    const saved = textAt(metadata, 'date_saved');
    attributes.add(
      'mlbom:model:header',
      saved === undefined ? undefined : `date_saved=${saved}`,
      'metadata.json/date_saved',
    );
  } catch (error) {
    problems.push(unread(entry, error));
  }
}

/** Stored weights are ranges of the archive; of packed ones there are names and shapes. */
async function weightsTensors(
  entry: Entry,
  member: ZipMember,
  attributes: AttributeList,
  problems: Problem[],
): Promise<DeclaredTensor[] | undefined> {
  const source: ByteSource = memberSource(entry, member);
  try {
    const { datasets } = await readHdf5(source);
    const optimizer = optimizerTensors(datasets);
    if (optimizer > 0) attributes.add('mlbom:model:header', `optimizer tensors=${optimizer}`);
    return tensorsOf(datasets, member.method === 0 ? member.data?.offset : undefined);
  } catch (error) {
    problems.push(unread(entry, error));
    return undefined;
  }
}

function unread({ path }: Entry, error: unknown): Problem {
  if (!isMlbomError(error) || error.code === 'E_ABORTED') throw error;
  return incomplete(error.rule ?? 'keras-member', path, `keras: ${error.message}`);
}
