import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { decodeUtf8 } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { packagePurl } from '../../core/package-purl.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { shortened } from '../../core/shortened.ts';
import { readAll } from '../../formats/read-all.ts';
import { parseTextProto, type TextMessage } from '../../formats/text-proto.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { servingFact } from './component.ts';

/** `TRITON_VERSION` of Triton Inference Server's directory: `2.48.0`. */
export async function collectTritonVersion(entry: Entry): Promise<Collected> {
  const text = new TextDecoder().decode(await readAll(entry, limits.osReleaseBytes, entry.path)).trim();
  const version = /^\d+\.\d+\.\d+[\w.+-]{0,32}$/.exec(text)?.[0];
  if (version === undefined)
    throw new MlbomError('E_MALFORMED', `${entry.path}: says no version`, {
      subject: entry.path,
      rule: 'triton-version',
    });
  const directory = directoryOf(entry.path);
  const attributes = attributesFrom(entry.path, 'serving');
  attributes.add('name', 'tritonserver', 'file name');
  attributes.add('version', version);
  attributes.add('purl', packagePurl('generic', { name: 'tritonserver', version }));
  attributes.add('mlbom:package:basis', 'installed');
  attributes.add('mlbom:package:location', directory);
  return { ...nothing, facts: [servingFact(entry, directory, directory, attributes.list)] };
}

/**
 * A model of a Triton repository: `config.pbtxt` in its directory (Triton's model_config.proto). How it is served
 * stands on the file; the weights in the numbered directories beside it are models of their own.
 */
export async function collectTritonModel(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const config = parseTextProto(decodeUtf8(await readAll(entry, limits.configBytes, path), path), path);
  const backend = textOf(config, 'backend') ?? textOf(config, 'platform');
  const signature = ['input', 'output'].flatMap((kind) =>
    messagesOf(config, kind).map((each) => [kind, each] as const),
  );
  if (
    backend === undefined &&
    signature.length === 0 &&
    messagesOf(config, 'ensemble_scheduling').length === 0
  )
    throw new MlbomError('E_MALFORMED', `${path}: names no backend`, {
      subject: path,
      rule: 'triton-config',
    });
  const directory = directoryOf(path);
  const declared = attributesFrom(path, 'serving');
  declared.add('name', textOf(config, 'name') ?? (directory === '.' ? undefined : nameOf(directory)), 'name');
  const file = attributesFrom(path, 'serving');
  file.add('mlbom:file:format', 'triton-model-config');
  const headers: (readonly [string, string | undefined])[] = [
    ['backend', backend],
    ['max_batch_size', textOf(config, 'max_batch_size')],
    ['default_model_filename', textOf(config, 'default_model_filename')],
    ...signature.slice(0, mostTensors).map(([kind, each]) => [kind, tensorOf(each)] as const),
    ...messagesOf(config, 'instance_group')
      .slice(0, mostTensors)
      .map((each) => ['instance_group', groupOf(each)] as const),
    ...stepsOf(config).map((step) => ['ensemble_step', step] as const),
  ];
  for (const [key, value] of headers)
    if (value) file.add('mlbom:file:header', `${key}=${shortened(value, limits.provenanceText)}`, key);
  return {
    ...nothing,
    facts: [servingFact(entry, directory, directory, declared.list), fileFact(path, [file])],
  };
}

const mostTensors = 256;

/** `ids TYPE_INT64 [-1,8]` */
function tensorOf(tensor: TextMessage): string {
  const dims = textsOf(tensor, 'dims').slice(0, limits.tensorDimensions).join(',');
  return `${textOf(tensor, 'name') ?? ''} ${textOf(tensor, 'data_type') ?? ''} [${dims}]`;
}

/** `2 KIND_GPU 0,1` */
function groupOf(group: TextMessage): string {
  const gpus = textsOf(group, 'gpus').slice(0, mostTensors).join(',');
  return [textOf(group, 'count'), textOf(group, 'kind'), gpus].filter(Boolean).join(' ');
}

/** The models that an ensemble is made of. */
function stepsOf(config: TextMessage): string[] {
  const steps = messagesOf(config, 'ensemble_scheduling').flatMap((each) => messagesOf(each, 'step'));
  return steps.slice(0, mostTensors).flatMap((step) => textOf(step, 'model_name') ?? []);
}

function textOf(message: TextMessage, name: string): string | undefined {
  return textsOf(message, name).at(-1);
}

function textsOf(message: TextMessage, name: string): string[] {
  return message.flatMap((field) =>
    field.name === name && typeof field.value === 'string' && field.value !== '' ? field.value : [],
  );
}

function messagesOf(message: TextMessage, name: string): TextMessage[] {
  return message.flatMap((field) =>
    field.name === name && typeof field.value !== 'string' ? [field.value] : [],
  );
}
