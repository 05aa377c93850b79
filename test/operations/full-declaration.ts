import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';

/** A declaration file with every field of schemas/config-v1, each with a value of its own; a fresh copy each time. */
export function fullDeclaration(): JsonObject {
  return structuredClone({
    $schema: 'https://mlbom.dev/schemas/config-v1.json',
    version: 1,
    bom: {
      authors: [
        { name: 'Ada Author', email: 'ada@example.org', phone: '+1 555 0101' },
        { email: 'second@example.org' },
      ],
      supplier: {
        name: 'BOM Supplier',
        url: 'https://supplier.example.org',
        email: 'bom@example.org',
        phone: '+1 555 0102',
      },
      manufacturer: { name: 'BOM Manufacturer' },
      lifecycle: 'post-build',
      license: 'CC0-1.0',
    },
    component: {
      name: 'support-8b',
      version: '1.2.0',
      description: 'Answers support tickets',
      purl: 'pkg:generic/support-8b@1.2.0',
      license: 'Apache-2.0 AND MIT',
      copyright: 'Copyright 2026 Example',
      supplier: { name: 'Component Supplier', email: 'supplier@example.org' },
      manufacturer: { name: 'Component Manufacturer', url: 'https://manufacturer.example.org' },
      authors: [{ name: 'Mo Modeller', phone: '+1 555 0103' }],
      securityContact: 'security@example.org',
      classification: 'internal',
      releaseDate: '2026-01-31',
      tags: ['support'],
      references: [{ type: 'model-card', url: 'https://example.org/card', comment: 'the long card' }],
      task: 'text-generation',
      approach: 'self-supervised',
      architectureFamily: 'llama',
      modelArchitecture: 'LlamaForCausalLM',
      parameters: '7B',
      dtype: 'BF16',
      contextLength: 8192,
      inputs: ['text/plain'],
      outputs: ['text/markdown'],
      users: ['support staff'],
      useCases: ['drafting replies'],
      technicalLimitations: ['English alone'],
      performanceTradeoffs: ['latency for quality'],
      ethicalConsiderations: [{ name: 'tone', mitigationStrategy: 'human review' }],
      metrics: [
        {
          type: 'accuracy',
          value: 0.93,
          slice: 'held-out tickets',
          confidenceInterval: { lower: '0.91', upper: 0.95 },
        },
      ],
      energyConsumptions: [
        {
          activity: 'fine-tuning',
          kilowattHours: 321.5,
          co2Tonnes: 0.125,
          provider: { name: 'Example Power' },
          energySource: 'wind',
        },
      ],
      baseModels: [{ name: 'example/base-7b', version: 'ab'.repeat(20), relation: 'finetune' }],
    },
    datasets: [
      {
        name: 'tickets',
        version: '2026-01',
        url: 'https://data.example.org/tickets',
        description: 'Resolved tickets',
        license: 'CC-BY-4.0',
        sha256: 'C0FFEE00'.repeat(8),
        provenance: 'Exported from the help desk and anonymised',
        statistics: { rows: 1000, 'share of English': '98%' },
        classification: 'confidential',
        sensitiveData: ['PII'],
        owners: [{ name: 'Data Owner' }],
        stewards: [{ email: 'steward@example.org' }],
        custodians: [{ name: 'Data Custodian', url: 'https://custodian.example.org' }],
      },
    ],
    dataFlows: [
      {
        service: 'inference-api',
        flow: 'inbound',
        name: 'questions',
        description: 'What customers ask',
        source: ['https://desk.example.org'],
        destination: ['urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#store'],
        endpoints: ['https://api.example.org/v1'],
        classification: 'restricted',
        sensitiveData: ['names'],
        owners: [{ name: 'Flow Owner' }],
        stewards: [{ name: 'Flow Steward' }],
        custodians: [{ name: 'Flow Custodian' }],
      },
    ],
    training: {
      run: 'run-1842',
      description: 'Fine-tuning on tickets',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-02T00:00:00+01:00',
      parameters: { learning_rate: 0.00002, schedule: 'cosine', packed: true },
      inputs: ['https://git.example.org/train@abc123'],
    },
    security: {
      controls: [{ claim: 'Weights are encrypted at rest', evidence: 'https://example.org/audit' }],
      standards: [
        { name: 'NIST SP 800-218A', version: 'July 2024', url: 'https://doi.org/10.6028/NIST.SP.800-218A' },
      ],
    },
  });
}

/** Full declarations in which one value is another, or one more member stands. Many are still what the schema wants. */
export function alteredDeclarations(): fc.Arbitrary<JsonObject> {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.webUrl(),
    fc.emailAddress(),
    fc.domain(),
  );
  const change = fc.record({
    place: fc.constantFrom(...placesIn(fullDeclaration())),
    value: fc.oneof(
      text,
      text,
      fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean()),
      fc.jsonValue(),
      fc.constantFrom<JsonValue>(
        '',
        '\ud800',
        'MIT OR\nISC',
        'mit or isc',
        'a:b@c',
        '../x',
        '#',
        2 ** 53,
        -1,
        [],
        {},
      ),
    ),
    name: fc.option(fc.constantFrom('__proto__', 'constructor', 'toString', '', 'source'), { freq: 8 }),
  });
  return change.map(({ place, value, name }) => altered(fullDeclaration(), place, value as JsonValue, name));
}

type Place = readonly (string | number)[];

function placesIn(value: JsonValue, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const members: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [
    ...(at.length > 0 ? [at] : []),
    ...members.flatMap(([name, item]) => placesIn(item, [...at, name])),
  ];
}

function altered(document: JsonObject, place: Place, value: JsonValue, name: string | null): JsonObject {
  let holder = document as Record<string | number, JsonValue>;
  for (const token of place.slice(0, -1)) holder = holder[token] as Record<string | number, JsonValue>;
  const last = name ?? place.at(-1) ?? '';
  Object.defineProperty(holder, last, { value, enumerable: true, configurable: true, writable: true });
  return document;
}
