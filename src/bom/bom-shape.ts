import { isObject, type JsonValue } from '../core/json.ts';
import { escapeToken } from '../core/json-pointer.ts';

/** Where a document is not what the type `Bom` says. */
export interface Misfit {
  readonly pointer: string;
  readonly must: string;
}

type Shape = (value: JsonValue) => Misfit | undefined;

/** The first place at which a known field has another type than `Bom` declares. */
export function misfitOf(document: JsonValue): Misfit | undefined {
  return bom(document);
}

const text: Shape = (value) => (typeof value === 'string' ? undefined : { pointer: '', must: 'a string' });
const number: Shape = (value) => (typeof value === 'number' ? undefined : { pointer: '', must: 'a number' });

/** `required` members must be there; the others may be absent. */
function record(members: Record<string, Shape>, required: readonly string[] = []): Shape {
  const shapes = Object.entries(members);
  return (value) => {
    if (!isObject(value)) return { pointer: '', must: 'an object' };
    const missing = required.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return { pointer: '', must: `an object with "${missing}"` };
    for (const [name, shape] of shapes) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      const misfit = member === undefined ? undefined : shape(member);
      if (misfit) return within(name, misfit);
    }
    return undefined;
  };
}

function list(shape: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return { pointer: '', must: 'an array' };
    for (let index = 0; index < value.length; index++) {
      const misfit = shape(value[index] ?? null);
      if (misfit) return within(index, misfit);
    }
    return undefined;
  };
}

/** An array in one version of the specification, an object in another. */
function either(array: Shape, object: Shape): Shape {
  return (value) => (Array.isArray(value) ? array(value) : object(value));
}

function within(token: string | number, misfit: Misfit): Misfit {
  return { pointer: `/${escapeToken(token)}${misfit.pointer}`, must: misfit.must };
}

const texts = list(text);
const properties = list(record({ name: text, value: text }, ['name']));
const hashes = list(record({ alg: text, content: text }, ['alg', 'content']));
const contact = record({ 'bom-ref': text, name: text, email: text, phone: text });
const organization = record({ 'bom-ref': text, name: text, url: texts, contact: list(contact) });
const license = record({ 'bom-ref': text, id: text, name: text, url: text, acknowledgement: text });
const licenses = list(record({ license, expression: text, 'bom-ref': text, acknowledgement: text }));
const externalReferences = list(
  record({ type: text, url: text, comment: text, hashes, properties }, ['type', 'url']),
);
const custodians = list(record({ organization, contact }));
const governance = record({ custodians, stewards: custodians, owners: custodians });
const componentData = record({
  'bom-ref': text,
  ref: text,
  type: text,
  name: text,
  contents: record({ url: text, properties }),
  classification: text,
  sensitiveData: texts,
  description: text,
  governance,
});
const formats = list(record({ format: text }));
const amount = record({ value: number, unit: text }, ['value', 'unit']);
const energyUse = record(
  {
    activity: text,
    energyProviders: list(
      record({ organization, energySource: text, energyProvided: amount }, [
        'organization',
        'energySource',
        'energyProvided',
      ]),
    ),
    activityEnergyCost: amount,
    co2CostEquivalent: amount,
  },
  ['activity', 'energyProviders', 'activityEnergyCost'],
);
const modelCard = record({
  'bom-ref': text,
  modelParameters: record({
    approach: record({ type: text }),
    task: text,
    architectureFamily: text,
    modelArchitecture: text,
    datasets: list(componentData),
    inputs: formats,
    outputs: formats,
  }),
  quantitativeAnalysis: record({
    performanceMetrics: list(
      record({
        type: text,
        value: text,
        slice: text,
        confidenceInterval: record({ lowerBound: text, upperBound: text }),
      }),
    ),
  }),
  considerations: record({
    users: texts,
    useCases: texts,
    technicalLimitations: texts,
    performanceTradeoffs: texts,
    ethicalConsiderations: list(record({ name: text, mitigationStrategy: text })),
    environmentalConsiderations: record({ energyConsumptions: list(energyUse), properties }),
  }),
  properties,
});
const identity = record(
  {
    field: text,
    confidence: number,
    concludedValue: text,
    methods: list(record({ technique: text, confidence: number, value: text })),
    tools: texts,
  },
  ['field'],
);
const occurrence = record({ 'bom-ref': text, location: text, offset: number, additionalContext: text }, [
  'location',
]);
const components: Shape = (value) => list(component)(value);
const component = record(
  {
    type: text,
    'bom-ref': text,
    'mime-type': text,
    name: text,
    group: text,
    version: text,
    description: text,
    supplier: organization,
    manufacturer: organization,
    authors: list(contact),
    hashes,
    licenses,
    copyright: text,
    purl: text,
    pedigree: record({ ancestors: components, descendants: components, variants: components, notes: text }),
    externalReferences,
    components,
    evidence: record({ identity: either(list(identity), identity), occurrences: list(occurrence) }),
    modelCard,
    data: list(componentData),
    properties,
    tags: texts,
  },
  ['type', 'name'],
);
const service = record(
  {
    'bom-ref': text,
    name: text,
    description: text,
    endpoints: texts,
    data: list(
      record({
        flow: text,
        classification: text,
        name: text,
        description: text,
        source: texts,
        destination: texts,
        governance,
      }),
    ),
    properties,
  },
  ['name'],
);
const work = {
  'bom-ref': text,
  uid: text,
  name: text,
  description: text,
  taskTypes: texts,
  inputs: list(record({})),
  outputs: list(record({})),
  timeStart: text,
  timeEnd: text,
  properties,
};
const workflow = record({ ...work, tasks: list(record(work)) });
const bom = record(
  {
    $schema: text,
    bomFormat: text,
    specVersion: text,
    serialNumber: text,
    version: number,
    metadata: record({
      timestamp: text,
      lifecycles: list(record({ phase: text, name: text, description: text })),
      tools: either(list(record({})), record({ components })),
      authors: list(contact),
      component,
      manufacturer: organization,
      supplier: organization,
      licenses,
      properties,
    }),
    components,
    services: list(service),
    dependencies: list(record({ ref: text, dependsOn: texts, provides: texts }, ['ref'])),
    compositions: list(record({ 'bom-ref': text, aggregate: text, assemblies: texts, dependencies: texts })),
    formulation: list(record({ 'bom-ref': text, components, workflows: list(workflow) })),
    declarations: record({
      claims: list(record({ 'bom-ref': text, target: text, predicate: text, externalReferences })),
    }),
    definitions: record({
      standards: list(record({ 'bom-ref': text, name: text, version: text, externalReferences })),
    }),
    citations: list(
      record({
        'bom-ref': text,
        pointers: texts,
        expressions: texts,
        timestamp: text,
        attributedTo: text,
        process: text,
        note: text,
      }),
    ),
    annotations: list(
      record({ subjects: texts, annotator: record({}), timestamp: text, text }, ['subjects']),
    ),
    properties,
    externalReferences,
  },
  ['bomFormat', 'specVersion'],
);
