import type { JsonObject } from '../../src/core/json.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const sha256 = 'a'.repeat(64);

/** A document that uses what mlbom works with and breaks no rule; a fresh copy each time. */
export function cleanDocument(): JsonObject {
  return structuredClone({
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    version: 1,
    metadata: {
      timestamp: '2026-01-31T12:00:00Z',
      tools: { components: [{ type: 'application', 'bom-ref': 'tool', name: 'mlbom', version: '0.1.0' }] },
      component: {
        type: 'machine-learning-model',
        'bom-ref': 'model',
        name: 'support-8b',
        purl: `pkg:huggingface/acme/support-8b@${commit}`,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
        licenses: [{ license: { id: 'Apache-2.0' } }],
        modelCard: { modelParameters: { task: 'text-generation', datasets: [{ ref: 'tickets' }] } },
        pedigree: { ancestors: [{ type: 'machine-learning-model', 'bom-ref': 'base', name: 'base-8b' }] },
        components: [
          {
            type: 'file',
            'bom-ref': 'model#1',
            name: 'model.safetensors',
            purl: `pkg:huggingface/acme/support-8b@${commit}#model.safetensors`,
            hashes: [{ alg: 'SHA-256', content: sha256 }],
            properties: [{ name: 'mlbom:file:size', value: '4976698672' }],
            evidence: { identity: [{ field: 'hash', confidence: 1, tools: ['tool'] }] },
          },
        ],
        externalReferences: [{ type: 'website', url: 'https://example.org/support-8b?lang=en' }],
      },
    },
    components: [
      {
        type: 'data',
        'bom-ref': 'tickets',
        name: 'support-tickets',
        licenses: [{ expression: 'CC-BY-4.0 OR LicenseRef-acme' }],
        data: [{ type: 'dataset', contents: { url: 'https://example.org/tickets' } }],
      },
      { type: 'library', 'bom-ref': 'torch', name: 'torch', version: '2.9.0', purl: 'pkg:pypi/torch@2.9.0' },
      { type: 'library', name: 'cudnn', isExternal: true, versionRange: 'vers:generic/>=9.0.0|<10.0.0' },
    ],
    services: [{ 'bom-ref': 'api', name: 'api', endpoints: ['https://example.org/v1'] }],
    dependencies: [{ ref: 'model', dependsOn: ['torch', 'api'] }, { ref: 'torch' }],
    compositions: [{ aggregate: 'complete', assemblies: ['model'] }],
    formulation: [
      {
        'bom-ref': 'recipe',
        workflows: [
          {
            'bom-ref': 'run',
            uid: 'run-1842',
            taskTypes: ['build'],
            timeStart: '2026-01-30T12:00:00Z',
            timeEnd: '2026-01-31T12:00:00Z',
            tasks: [{ 'bom-ref': 'train', uid: 'train', taskTypes: ['build'] }],
          },
        ],
      },
    ],
    citations: [
      {
        pointers: ['/metadata/component/licenses'],
        timestamp: '2026-01-31T12:00:00Z',
        attributedTo: 'tool',
        process: 'run',
      },
    ],
    annotations: [
      {
        subjects: ['model', 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#torch'],
        annotator: { component: { type: 'application', name: 'reviewer' } },
        timestamp: '2026-01-31T12:00:00Z',
        text: 'reviewed',
      },
    ],
  });
}

/** Sets the member at a path of names and indexes; `undefined` deletes it. */
export function change(document: JsonObject, path: (string | number)[], value: unknown): JsonObject {
  let at = document as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return document;
}
