import type { DeclaredComponent, DeclaredDataset, DeclaredMetric, Declaration } from '../core/declaration.ts';
import type { Evidence } from '../core/evidence.ts';
import {
  attribute,
  type Attribute,
  type AttributeName,
  type Attributes,
  type Fact,
  type Relation,
  type Target,
} from '../core/fact.ts';
import { datasetTarget, isHubId, modelTarget } from '../core/hub.ts';
import { parameterCount } from '../core/parameter-count.ts';
import { keyOf } from './key-of.ts';

/** What the user declares about the subject and its datasets, as facts; all of it `declared`, by the declaration. */
export function declaredFacts(declaration: Declaration): Fact[] {
  const { component = {}, datasets = [] } = declaration;
  const subject: Fact = {
    about: { kind: 'directory', path: '.' },
    type: describesModel(component) || declaration.training ? 'machine-learning-model' : 'application',
    attributes: componentAttributes(component, declaration),
    relations: [
      ...(component.baseModels ?? []).map((base, index): Relation => {
        const evidence = evidenceAt(declaration, `component.baseModels.${index}`);
        return { type: 'base-model', how: base.relation ?? 'unspecified', to: baseTarget(base), evidence };
      }),
      ...datasets.map((dataset, index): Relation => {
        return {
          type: 'dataset',
          to: targetOf(dataset),
          evidence: evidenceAt(declaration, `datasets.${index}`),
        };
      }),
    ],
  };
  return [subject, ...datasets.map((dataset, index) => datasetFact(dataset, index, declaration))];
}

/** Fields that only a model has. */
const modelFields = [
  'task',
  'approach',
  'architectureFamily',
  'modelArchitecture',
  'parameters',
  'dtype',
  'contextLength',
  'baseModels',
  'metrics',
  'energyConsumptions',
] as const;

function describesModel(component: DeclaredComponent): boolean {
  return modelFields.some((field) => component[field] !== undefined);
}

function componentAttributes(component: DeclaredComponent, declaration: Declaration): Attribute[] {
  const list: Attribute[] = [];
  function add<N extends AttributeName>(name: N, field: string, value: Attributes[N] | undefined): void {
    if (value !== undefined) list.push(attribute(name, value, evidenceAt(declaration, `component.${field}`)));
  }
  for (const field of copied) add(field, field, component[field]);
  add('license', 'license', component.license === undefined ? undefined : { license: component.license });
  add('references', 'references', referencesOf(component));
  add('metrics', 'metrics', component.metrics?.map(metricOf));
  add('mlbom:model:parameters', 'parameters', parameterCount(component.parameters));
  add('mlbom:model:dtype', 'dtype', component.dtype);
  add(
    'mlbom:model:context-length',
    'contextLength',
    component.contextLength === undefined ? undefined : String(component.contextLength),
  );
  add('mlbom:classification', 'classification', component.classification);
  add('mlbom:release-date', 'releaseDate', component.releaseDate);
  add('mlbom:training:run', 'training.run', declaration.training?.run);
  return list;
}

const copied = [
  'name',
  'version',
  'description',
  'purl',
  'copyright',
  'supplier',
  'manufacturer',
  'authors',
  'tags',
  'task',
  'approach',
  'architectureFamily',
  'modelArchitecture',
  'inputs',
  'outputs',
  'users',
  'useCases',
  'technicalLimitations',
  'performanceTradeoffs',
  'ethicalConsiderations',
  'energyConsumptions',
] as const;

function referencesOf({
  references = [],
  securityContact,
}: DeclaredComponent): Attributes['references'] | undefined {
  const contact =
    securityContact === undefined
      ? []
      : [
          {
            type: 'security-contact',
            url: securityContact.includes(':') ? securityContact : `mailto:${securityContact}`,
          },
        ];
  const all = [...references, ...contact];
  return all.length > 0 ? all : undefined;
}

function metricOf({ confidenceInterval, value, ...metric }: DeclaredMetric): Attributes['metrics'][number] {
  if (!confidenceInterval) return { ...metric, value: String(value) };
  const { lower, upper } = confidenceInterval;
  return {
    ...metric,
    value: String(value),
    confidenceInterval: { lowerBound: String(lower), upperBound: String(upper) },
  };
}

function datasetFact(dataset: DeclaredDataset, index: number, declaration: Declaration): Fact {
  const evidence = evidenceAt(declaration, `datasets.${index}`);
  const { classification, sensitiveData, owners, custodians, stewards } = dataset;
  const attributes: Attribute[] = [];
  if (dataset.description !== undefined)
    attributes.push(attribute('description', dataset.description, evidence));
  if (dataset.license !== undefined)
    attributes.push(attribute('license', { license: dataset.license }, evidence));
  if (dataset.sha256 !== undefined) {
    attributes.push(attribute('hash', { algorithm: 'sha256', hex: dataset.sha256.toLowerCase() }, evidence));
  }
  if (dataset.provenance !== undefined)
    attributes.push(attribute('provenance', dataset.provenance, evidence));
  for (const [name, value] of Object.entries(dataset.statistics ?? {})) {
    attributes.push(attribute('mlbom:dataset:statistic', `${name}=${value}`, evidence));
  }
  const governance = {
    ...(classification === undefined ? {} : { classification }),
    ...(sensitiveData === undefined ? {} : { sensitiveData }),
    ...(owners === undefined ? {} : { owners }),
    ...(custodians === undefined ? {} : { custodians }),
    ...(stewards === undefined ? {} : { stewards }),
  };
  if (Object.keys(governance).length > 0) attributes.push(attribute('governance', governance, evidence));
  return {
    about: { kind: 'component', key: keyOf(targetOf(dataset)) },
    type: 'data',
    attributes,
    relations: [],
  };
}

function baseTarget({ name, version }: { name: string; version?: string }): Target {
  if (isPublic(name)) return modelTarget(name, version);
  return { name, ...(version === undefined ? {} : { version }) };
}

/** `org/name` and URLs lead somewhere. A bare name is the user's own word, not the Hub's model of that name. */
function isPublic(name: string): boolean {
  return /^https?:\/\//.test(name) || (name.includes('/') && isHubId(name));
}

function targetOf(dataset: DeclaredDataset): Target {
  return {
    ...(isPublic(dataset.name) ? datasetTarget(dataset.name) : { name: dataset.name }),
    ...(dataset.version === undefined ? {} : { version: dataset.version }),
    ...(dataset.url === undefined ? {} : { url: dataset.url }),
  };
}

function evidenceAt(declaration: Declaration, at: string): Evidence {
  return { basis: 'declared', source: declaration.source, at, by: 'declaration' };
}
