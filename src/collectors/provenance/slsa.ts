import { datasetTarget, modelTarget } from '../../core/hub.ts';
import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf } from '../../core/path.ts';
import type { Run, RunInput } from '../../core/run.ts';
import { shortened } from '../../core/shortened.ts';
import { webUrl } from '../../core/web-url.ts';
import { attributesFrom } from '../attributes.ts';
import { parametersOf } from '../parameters.ts';

/** Inputs of one run that are kept; a build resolves thousands of packages. */
const most = 500;

/** What SLSA provenance (v0.2, v1) says of the build that it is about, as the `index`th statement at `path`. */
export function runOf(statement: JsonObject, path: string, index: number): Run | undefined {
  const type = textAt(statement, 'predicateType') ?? '';
  const version = /^https:\/\/slsa\.dev\/provenance\/(v0\.[12]|v1)/.exec(type)?.[1];
  const predicate = valueAt(statement, 'predicate');
  if (version === undefined || !isObject(predicate)) return undefined;
  const told = version === 'v1' ? fromV1(predicate) : fromV0(predicate);
  const { id, startedAt, finishedAt, builder } = told;
  return {
    key: `${path}#${index}`,
    name: 'build',
    ...(id === undefined ? {} : { id: shortened(id, limits.provenanceText) }),
    ...(told.buildType === undefined ? {} : { description: `as ${type} says: ${told.buildType}` }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    parameters: parametersOf(told.parameters),
    inputs: told.inputs,
    output: directoryOf(path),
    tools: builder === undefined ? [] : [{ name: shortened(builder, limits.provenanceText) }],
    evidence: attributesFrom(path, 'provenance').evidence('predicate'),
  };
}

interface Told {
  readonly id: string | undefined;
  readonly buildType: string | undefined;
  readonly builder: string | undefined;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  readonly parameters: JsonValue | undefined;
  readonly inputs: readonly RunInput[];
}

/** slsa.dev/spec/v1.0/provenance */
function fromV1(predicate: JsonObject): Told {
  const definition = valueAt(predicate, 'buildDefinition');
  const details = valueAt(predicate, 'runDetails');
  return {
    id: textAt(details, 'metadata', 'invocationId'),
    buildType: textAt(definition, 'buildType'),
    builder: textAt(details, 'builder', 'id'),
    startedAt: timeAt(details, 'metadata', 'startedOn'),
    finishedAt: timeAt(details, 'metadata', 'finishedOn'),
    parameters: valueAt(definition, 'externalParameters') as JsonValue | undefined,
    inputs: inputsOf(valueAt(definition, 'resolvedDependencies')),
  };
}

/** slsa.dev/spec/v0.2/provenance */
function fromV0(predicate: JsonObject): Told {
  return {
    id:
      textAt(predicate, 'metadata', 'buildInvocationId') ??
      textAt(predicate, 'metadata', 'buildInvocationID'),
    buildType: textAt(predicate, 'buildType'),
    builder: textAt(predicate, 'builder', 'id'),
    startedAt: timeAt(predicate, 'metadata', 'buildStartedOn'),
    finishedAt: timeAt(predicate, 'metadata', 'buildFinishedOn'),
    parameters: valueAt(predicate, 'invocation', 'parameters') as JsonValue | undefined,
    inputs: inputsOf(valueAt(predicate, 'materials')),
  };
}

function inputsOf(list: unknown): RunInput[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, most).flatMap((item): RunInput[] => {
    const uri = textAt(item, 'uri') ?? textAt(item, 'name') ?? textAt(item, 'downloadLocation');
    if (uri === undefined) return [];
    const digests = digestsOf(valueAt(item, 'digest'));
    return [{ ...targetOf(uri), ...(Object.keys(digests).length > 0 ? { digests } : {}) }];
  });
}

function targetOf(uri: string): Pick<RunInput, 'type' | 'to'> {
  if (uri.startsWith('git+')) {
    const url = webUrl(uri.slice(4).replace(/@[^/@]*$/, ''));
    return {
      type: 'source',
      to: {
        name: shortened(uri.replace(/\/\/[^/]*@/, '//'), limits.provenanceText),
        ...(url === undefined ? {} : { url }),
      },
    };
  }
  if (uri.includes('huggingface.co/datasets/')) return { type: 'dataset', to: datasetTarget(uri) };
  if (uri.startsWith('https://huggingface.co/')) return { type: 'model', to: modelTarget(uri) };
  const url = webUrl(uri);
  const purl = uri.startsWith('pkg:') && uri.length <= limits.provenanceText ? uri : undefined;
  const name = url ?? shortened(uri.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/s, ''), limits.provenanceText);
  return {
    type: 'other',
    to: { name, ...(url === undefined ? {} : { url }), ...(purl === undefined ? {} : { purl }) },
  };
}

function digestsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, hex]) =>
      typeof hex === 'string' && /^[0-9a-f]{32,128}$/i.test(hex) && /^[\w-]{1,32}$/.test(name)
        ? [[name, hex.toLowerCase()]]
        : [],
    ),
  );
}

/** Times go into fields that are dates by the schema. */
function timeAt(value: unknown, ...names: string[]): string | undefined {
  const text = textAt(value, ...names);
  return text !== undefined &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text))
    ? text
    : undefined;
}
