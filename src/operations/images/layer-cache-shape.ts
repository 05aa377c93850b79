import type { ComponentType } from '../../core/component-type.ts';
import { isHexOf, type Digest } from '../../core/digest.ts';
import type { Evidence } from '../../core/evidence.ts';
import {
  baseRelations,
  type About,
  type Attribute,
  type DataGovernance,
  type DeclaredTensor,
  type EnergyConsumption,
  type Fact,
  type LicenseClaim,
  type Metric,
  type Party,
  type Reference,
  type Relation,
  type StandardAttributes,
  type Target,
} from '../../core/fact.ts';
import type { FileList } from '../../core/file-list.ts';
import type { Finding } from '../../core/finding.ts';
import type { LayerEntry, LayerReading, LayerResult } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { Run } from '../../core/run.ts';
import { severities } from '../../core/severity.ts';
import { vocabulary } from '../../core/vocabulary.ts';

type Check = (value: unknown) => boolean;
/** Every field has a check, so that the compiler misses none. */
type Fields<T> = Readonly<Record<keyof T, Check>>;

/** True for what a pass over a layer gives, field by field, with nothing in it that JSON would change. */
export function isLayerResult(value: unknown): value is LayerResult {
  return layerResult(value);
}

/** True for a digest of a packed layer, its size and its codec. */
export function isPackedForm(value: unknown): value is Pick<LayerResult, 'digest' | 'size' | 'codec'> {
  return packedForm(value);
}

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const sha256: Check = (value) => typeof value === 'string' && isHexOf('sha256', value);
const path: Check = (value) => typeof value === 'string' && value.length <= limits.pathLength;
const texts = list(text);
const plain: Check = (value) => text(value) || flag(value) || number(value);

function oneOf(values: readonly string[]): Check {
  const known = new Set<unknown>(values);
  return (value) => known.has(value);
}

function list(item: Check): Check {
  return (value) => Array.isArray(value) && value.every(item);
}

function maybe(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function record<T>(fields: Fields<T>): Check {
  const checks = Object.entries<Check>(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const given = value as Readonly<Record<string, unknown>>;
    let known = 0;
    for (const [key, check] of checks) {
      const field = given[key];
      if (!check(field)) return false;
      if (field !== undefined) known++;
    }
    const keys = Object.keys(given);
    // A collector may hand on a record that says more than was asked; nobody looks at it, and JSON keeps it.
    return keys.length === known || keys.every((key) => Object.hasOwn(fields, key) || plain(given[key]));
  };
}

/** One of several kinds of record, by one field. */
function variant<K extends string>(field: string, kinds: Readonly<Record<K, Check>>): Check {
  const checks = new Map(Object.entries<Check>(kinds));
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const kind = (value as Record<string, unknown>)[field];
    return typeof kind === 'string' && checks.get(kind)?.(value) === true;
  };
}

const algorithms = oneOf(['sha256', 'sha384', 'sha512', 'blake3', 'sha1', 'md5', 'git-blob-sha1']);
const digestFields = record<Digest>({ algorithm: algorithms, hex: text });
const digest: Check = (value) => {
  if (!digestFields(value)) return false;
  const { algorithm, hex } = value as Digest;
  return isHexOf(algorithm, hex);
};
/** A digest as somebody wrote it down. */
const claimedDigest = digestFields;

const evidence = record<Evidence>({
  basis: oneOf(['observed', 'declared', 'derived', 'verified']),
  source: text,
  at: maybe(text),
  by: text,
});
const target = record<Target>({ name: text, version: maybe(text), purl: maybe(text), url: maybe(text) });
const party = record<Party>({ name: maybe(text), email: maybe(text), phone: maybe(text), url: maybe(text) });

const standard: Fields<StandardAttributes> = {
  name: text,
  group: text,
  version: text,
  description: text,
  purl: text,
  mimeType: text,
  copyright: text,
  license: record<LicenseClaim>({ license: text, url: maybe(text) }),
  supplier: party,
  manufacturer: party,
  authors: list(party),
  tags: texts,
  references: list(
    record<Reference>({ type: text, url: text, comment: maybe(text), hashes: maybe(list(claimedDigest)) }),
  ),
  hash: claimedDigest,
  task: text,
  approach: text,
  architectureFamily: text,
  modelArchitecture: text,
  inputs: texts,
  outputs: texts,
  metrics: list(
    record<Metric>({
      type: text,
      value: text,
      slice: maybe(text),
      confidenceInterval: maybe(
        record<NonNullable<Metric['confidenceInterval']>>({ lowerBound: text, upperBound: text }),
      ),
    }),
  ),
  users: texts,
  useCases: texts,
  technicalLimitations: texts,
  performanceTradeoffs: texts,
  ethicalConsiderations: list(
    record<StandardAttributes['ethicalConsiderations'][number]>({
      name: text,
      mitigationStrategy: maybe(text),
    }),
  ),
  energyConsumptions: list(
    record<EnergyConsumption>({
      activity: text,
      kilowattHours: number,
      co2Tonnes: maybe(number),
      provider: party,
      energySource: text,
    }),
  ),
  governance: record<DataGovernance>({
    classification: maybe(text),
    sensitiveData: maybe(texts),
    owners: maybe(list(party)),
    custodians: maybe(list(party)),
    stewards: maybe(list(party)),
  }),
  provenance: text,
};

const attributeFields = record<Attribute>({ name: text, value: (value) => value !== undefined, evidence });
const valueChecks = new Map<string, Check>([
  ...Object.keys(vocabulary).map((name): [string, Check] => [name, text]),
  ...Object.entries<Check>(standard),
]);
const attribute: Check = (value) => {
  if (!attributeFields(value)) return false;
  const { name, value: given } = value as Attribute;
  return valueChecks.get(name)?.(given) === true;
};

type Kind<T, F extends keyof T, K extends T[F]> = Extract<T, Readonly<Record<F, K>>>;

const about = variant<About['kind']>('kind', {
  file: record<Kind<About, 'kind', 'file'>>({ kind: text, path }),
  weights: record<Kind<About, 'kind', 'weights'>>({
    kind: text,
    path,
    part: maybe(record<{ set: string; number: number; count: number }>({ set: text, number: count, count })),
  }),
  index: record<Kind<About, 'kind', 'index'>>({
    kind: text,
    path,
    parts: list(record<{ path: string; tensors: readonly string[] }>({ path: text, tensors: texts })),
    tensorBytes: maybe(count),
  }),
  directory: record<Kind<About, 'kind', 'directory'>>({ kind: text, path }),
  component: record<Kind<About, 'kind', 'component'>>({ kind: text, key: text, path: maybe(path) }),
});

const relation = variant<Relation['type']>('type', {
  'base-model': record<Kind<Relation, 'type', 'base-model'>>({
    type: text,
    how: oneOf(baseRelations),
    to: target,
    evidence,
  }),
  dataset: record<Kind<Relation, 'type', 'dataset'>>({ type: text, to: target, evidence }),
  'depends-on': record<Kind<Relation, 'type', 'depends-on'>>({ type: text, to: target, evidence }),
  part: record<Kind<Relation, 'type', 'part'>>({ type: text, path: text, bytes: count, evidence }),
});

const componentTypes: Readonly<Record<ComponentType, true>> = {
  application: true,
  framework: true,
  library: true,
  container: true,
  platform: true,
  'operating-system': true,
  device: true,
  'device-driver': true,
  firmware: true,
  file: true,
  'machine-learning-model': true,
  data: true,
  'cryptographic-asset': true,
};

const fact = record<Fact>({
  about,
  type: oneOf(Object.keys(componentTypes)),
  attributes: list(attribute),
  relations: list(relation),
  tensors: maybe(
    record<NonNullable<Fact['tensors']>>({
      tensors: list(
        record<DeclaredTensor>({
          name: text,
          dtype: text,
          shape: list(number),
          offset: count,
          length: count,
          sha256: maybe(sha256),
          path: maybe(text),
        }),
      ),
    }),
  ),
});

const problem = record<Problem>({
  kind: oneOf(['problem']),
  code: text,
  effect: oneOf(['incomplete', 'contradiction']),
  path: text,
  reason: text,
});

const finding = record<Finding>({
  rule: text,
  severity: oneOf(severities),
  cwe: count,
  path: text,
  member: maybe(text),
  message: text,
  offset: maybe(count),
  length: maybe(count),
  symbol: maybe(text),
});

const fileList = record<FileList>({
  component: text,
  path,
  files: list(
    record<FileList['files'][number]>({ path: text, size: maybe(count), digest: maybe(claimedDigest) }),
  ),
  owns: texts,
  site: maybe(text),
  describes: maybe(flag),
});

const digests: Check = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every(text);

const run = record<Run>({
  key: text,
  name: text,
  id: maybe(text),
  description: maybe(text),
  startedAt: maybe(text),
  finishedAt: maybe(text),
  parameters: list(record<Run['parameters'][number]>({ name: text, value: text })),
  inputs: list(
    record<Run['inputs'][number]>({
      type: oneOf(['model', 'dataset', 'source', 'other']),
      to: target,
      digests: maybe(digests),
    }),
  ),
  output: text,
  tools: list(target),
  evidence,
});

const reading = record<LayerReading>({
  path,
  facts: list(fact),
  problems: list(problem),
  findings: list(finding),
  lists: list(fileList),
  runs: list(run),
  examined: texts,
});

const entry = record<LayerEntry>({
  path,
  type: oneOf(['file', 'directory', 'link', 'hard-link', 'other']),
  size: count,
  sha256: maybe(sha256),
  chunkSize: maybe(count),
  chunkRoot: maybe(sha256),
  link: maybe(text),
});

const codec = oneOf(['none', 'gzip', 'zstd']);
const packedForm = record<Pick<LayerResult, 'digest' | 'size' | 'codec'>>({ digest, size: count, codec });

const layerResult = record<LayerResult>({
  digest,
  diffId: digest,
  size: count,
  unpackedSize: count,
  codec,
  entries: list(entry),
  whiteouts: list(path),
  opaque: list(path),
  readings: list(reading),
  problems: list(problem),
});
