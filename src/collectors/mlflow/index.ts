import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { decodeUtf8, isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import type { Run } from '../../core/run.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { describedDirectory } from '../described-directory.ts';
import { parametersOf } from '../parameters.ts';
import { readYamlFile } from '../yaml-file.ts';

/** `mlruns/<experiment>/<run>/params/<name>`: a file for each value, as MLflow's file store keeps them. */
const storedValue = /^(.*\/[0-9a-f]{32})\/(params|tags)\/([^/]+)$/;
const storedRun = /(?:^|\/)[0-9a-f]{32}\/meta\.yaml$/;
/** Tags that say how a run came about; others carry names of users and machines. */
const toldTags = new Set(['mlflow.source.git.commit', 'mlflow.source.type', 'mlflow.project.entryPoint']);
/** MLflow's own bound of a parameter's value. */
const valueBytes = 6000 * 4;

/** MLflow: the `MLmodel` file of a model, and the runs of a file store. */
export const mlflow: FileCollector = {
  id: 'mlflow',
  version: 1,
  wants: ({ path }) => nameOf(path) === 'MLmodel' || storedRun.test(path) || storedValue.test(path),
  async collect(entry): Promise<Collected> {
    const value = storedValue.exec(entry.path);
    if (value) return storedParameter(entry, value);
    const document = await readYamlFile(entry);
    if (!document) return nothing;
    return nameOf(entry.path) === 'MLmodel' ? model(document, entry) : run(document, entry);
  },
};

function model(document: JsonObject, entry: Entry): Collected {
  const flavors = valueAt(document, 'flavors');
  if (!isObject(flavors)) return nothing;
  const attributes = attributesFrom(entry.path, 'mlflow');
  const version = textAt(document, 'mlflow_version');
  attributes.add('mlbom:model:producer', version && `mlflow ${version}`, 'mlflow_version');
  for (const key of ['model_uuid', 'run_id', 'utc_time_created']) {
    const value = textAt(document, key);
    attributes.add('mlbom:model:provenance', value && `${key}=${value}`, key);
  }
  for (const [name, flavor] of Object.entries(flavors).slice(0, 64)) {
    const library = [
      'transformers_version',
      'sklearn_version',
      'pytorch_version',
      'xgb_version',
      'lgb_version',
      'keras_version',
      'onnx_version',
      'spacy_version',
      'python_version',
    ]
      .flatMap((key) => textAt(flavor, key) ?? [])
      .at(0);
    attributes.add(
      'mlbom:model:header',
      `flavor ${name}${library === undefined ? '' : ` ${library}`}`,
      'flavors',
    );
    const loader = textAt(flavor, 'loader_module');
    attributes.add('mlbom:model:classes', loader, `flavors.${name}.loader_module`);
  }
  const described = describedDirectory(entry, attributes);
  const id = textAt(document, 'run_id');
  if (id === undefined) return described;
  const evidence = attributes.evidence('run_id');
  const made: Run = {
    key: `${entry.path}#${id}`,
    name: 'training',
    id,
    parameters: [],
    inputs: [],
    output: directoryOf(entry.path),
    tools: version === undefined ? [] : [{ name: 'mlflow', version }],
    evidence,
  };
  return { ...described, runs: [made] };
}

function run(document: JsonObject, entry: Entry): Collected {
  const id = textAt(document, 'run_id') ?? textAt(document, 'run_uuid');
  if (id === undefined) return nothing;
  const startedAt = timeOf(valueAt(document, 'start_time'));
  const finishedAt = timeOf(valueAt(document, 'end_time'));
  return ofRun(entry, directoryOf(entry.path), {
    id,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  });
}

async function storedParameter(
  entry: Entry,
  [, directory = '', kind, name = '']: RegExpExecArray,
): Promise<Collected> {
  if (kind === 'tags' && !toldTags.has(name)) return nothing;
  const value = decodeUtf8(await readAll(entry, valueBytes, entry.path), entry.path);
  return ofRun(entry, directory, { parameters: parametersOf({ [name]: value }) });
}

/** Each file adds to the one run that its directory is. */
function ofRun(entry: Entry, directory: string, told: Partial<Run>): Collected {
  const evidence = attributesFrom(entry.path, 'mlflow').evidence();
  const made: Run = {
    key: directory,
    name: 'training',
    parameters: [],
    inputs: [],
    output: `${directory}/artifacts`,
    tools: [{ name: 'mlflow' }],
    evidence,
    ...told,
  };
  return { ...nothing, runs: [made] };
}

/** Milliseconds since 1970, as MLflow writes times. */
function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'number' || !(value > 0 && value < limits.latestTime)) return undefined;
  return new Date(value).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
