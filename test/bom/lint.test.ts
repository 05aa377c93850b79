import { describe, expect, test } from 'vitest';
import { lint, lintRules } from '../../src/bom/lint.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import { limits } from '../../src/core/limits.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { change, cleanDocument } from './documents.ts';

const model = ['metadata', 'component'];
const commit = '0123456789abcdef0123456789abcdef01234567';

interface Case {
  rule: string;
  name: string;
  path: (string | number)[];
  value: unknown;
  pointer: string;
}

/** One change to the clean document each, which breaks one rule and nothing else. */
const cases: Case[] = [
  {
    rule: 'MLB-BOM-001',
    name: 'a dependency on nothing',
    path: ['dependencies', 0, 'dependsOn'],
    value: ['torch', 'jax'],
    pointer: '/dependencies/0/dependsOn/1',
  },
  {
    rule: 'MLB-BOM-001',
    name: 'a dataset that is nowhere',
    path: [...model, 'modelCard', 'modelParameters', 'datasets', 0, 'ref'],
    value: 'gone',
    pointer: '/metadata/component/modelCard/modelParameters/datasets/0/ref',
  },
  {
    rule: 'MLB-BOM-001',
    name: 'an assembly that is nowhere',
    path: ['compositions', 0, 'assemblies', 0],
    value: 'gone',
    pointer: '/compositions/0/assemblies/0',
  },
  {
    rule: 'MLB-BOM-001',
    name: 'a citation of nobody',
    path: ['citations', 0, 'attributedTo'],
    value: 'gone',
    pointer: '/citations/0/attributedTo',
  },
  {
    rule: 'MLB-BOM-001',
    name: 'evidence by an unknown tool',
    path: [...model, 'components', 0, 'evidence', 'identity', 0, 'tools', 0],
    value: 'gone',
    pointer: '/metadata/component/components/0/evidence/identity/0/tools/0',
  },
  {
    rule: 'MLB-BOM-001',
    name: 'a BOM-Link into this document that leads nowhere',
    path: ['annotations', 0, 'subjects', 1],
    value: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#gone',
    pointer: '/annotations/0/subjects/1',
  },
  {
    rule: 'MLB-BOM-001',
    name: 'a vulnerability of nothing',
    path: ['vulnerabilities'],
    value: [{ id: 'CVE-2026-0001', affects: [{ ref: 'gone' }] }],
    pointer: '/vulnerabilities/0/affects/0/ref',
  },
  {
    rule: 'MLB-BOM-002',
    name: 'a bom-ref of a component and of a workflow',
    path: ['formulation', 0, 'bom-ref'],
    value: 'api',
    pointer: '/formulation/0/bom-ref',
  },
  {
    rule: 'MLB-BOM-002',
    name: 'a bom-ref of an ancestor and of a tool',
    path: [...model, 'pedigree', 'ancestors', 0, 'bom-ref'],
    value: 'tool',
    pointer: '/metadata/component/pedigree/ancestors/0/bom-ref',
  },
  {
    rule: 'MLB-BOM-003',
    name: 'a dataset that is a library',
    path: [...model, 'modelCard', 'modelParameters', 'datasets', 0, 'ref'],
    value: 'torch',
    pointer: '/metadata/component/modelCard/modelParameters/datasets/0/ref',
  },
  {
    rule: 'MLB-BOM-003',
    name: 'a process that is a component',
    path: ['citations', 0, 'process'],
    value: 'torch',
    pointer: '/citations/0/process',
  },
  {
    rule: 'MLB-BOM-003',
    name: 'a dependency on a workflow',
    path: ['dependencies', 0, 'dependsOn', 0],
    value: 'run',
    pointer: '/dependencies/0/dependsOn/0',
  },
  {
    rule: 'MLB-BOM-004',
    name: 'a bom-ref like a BOM-Link',
    path: [...model, 'components', 0, 'bom-ref'],
    value: 'urn:cdx:x',
    pointer: '/metadata/component/components/0/bom-ref',
  },
  {
    rule: 'MLB-BOM-010',
    name: 'SHA-256 with 40 digits',
    path: [...model, 'components', 0, 'hashes', 0, 'content'],
    value: 'b'.repeat(40),
    pointer: '/metadata/component/components/0/hashes/0/content',
  },
  {
    rule: 'MLB-BOM-011',
    name: 'two SHA-256 values',
    path: [...model, 'hashes', 1],
    value: { alg: 'SHA-256', content: 'b'.repeat(64) },
    pointer: '/metadata/component/hashes/1',
  },
  {
    rule: 'MLB-BOM-012',
    name: "the purl's commit as SHA-1",
    path: [...model, 'hashes', 1],
    value: { alg: 'SHA-1', content: commit.toUpperCase() },
    pointer: '/metadata/component/hashes/1',
  },
  ...[
    'not a purl',
    'pkg:',
    'pkg:pypi',
    'pkg:pypi/a b',
    'pkg:npm/a%zz',
    'pkg:maven/a@1',
    'pkg:generic/a#x/../y',
  ].map((value) => ({
    rule: 'MLB-BOM-020',
    name: `the purl ${value}`,
    path: ['components', 1, 'purl'],
    value,
    pointer: '/components/1/purl',
  })),
  ...[
    'pkg:pypi/Torch@2.9.0',
    'pkg:pypi/a_b',
    'pkg:PyPI/torch',
    `pkg:huggingface/a/b@${commit.toUpperCase()}`,
  ].map((value) => ({
    rule: 'MLB-BOM-021',
    name: `the purl ${value}`,
    path: ['components', 1, 'purl'],
    value,
    pointer: '/components/1/purl',
  })),
  ...['pkg:huggingface/a/b@main', 'pkg:oci/a@latest'].map((value) => ({
    rule: 'MLB-BOM-022',
    name: `the purl ${value}`,
    path: ['components', 1, 'purl'],
    value,
    pointer: '/components/1/purl',
  })),
  ...['MIT AND', 'llama3.1', '(MIT', 'MIT Apache-2.0', '@MIT', '', `${'('.repeat(5000)}MIT`].map((value) => ({
    rule: 'MLB-BOM-030',
    name: `the expression "${value.slice(0, 20)}"`,
    path: ['components', 0, 'licenses', 0, 'expression'],
    value,
    pointer: '/components/0/licenses/0/expression',
  })),
  {
    rule: 'MLB-BOM-031',
    name: 'a deprecated id',
    path: [...model, 'licenses', 0, 'license', 'id'],
    value: 'GPL-2.0',
    pointer: '/metadata/component/licenses/0/license',
  },
  {
    rule: 'MLB-BOM-032',
    name: 'an SPDX id as a name',
    path: [...model, 'licenses', 0, 'license'],
    value: { name: 'apache-2.0' },
    pointer: '/metadata/component/licenses/0/license/name',
  },
  {
    rule: 'MLB-BOM-033',
    name: 'an id in another case',
    path: ['components', 0, 'licenses', 0, 'expression'],
    value: 'mit OR Apache-2.0',
    pointer: '/components/0/licenses/0/expression',
  },
  {
    rule: 'MLB-BOM-040',
    name: 'a library with a model card',
    path: ['components', 1, 'modelCard'],
    value: {},
    pointer: '/components/1/modelCard',
  },
  {
    rule: 'MLB-BOM-041',
    name: 'a library with data',
    path: ['components', 1, 'data'],
    value: [{ type: 'dataset' }],
    pointer: '/components/1/data',
  },
  {
    rule: 'MLB-BOM-042',
    name: 'an external subject',
    path: [...model, 'isExternal'],
    value: true,
    pointer: '/metadata/component/isExternal',
  },
  ...['>=9', 'vers:generic/', 'vers:generic/>=9|', 'vers:generic/>=9 <10', 'vers:generic/>>9'].map(
    (value) => ({
      rule: 'MLB-BOM-043',
      name: `the range ${value}`,
      path: ['components', 2, 'versionRange'],
      value,
      pointer: '/components/2/versionRange',
    }),
  ),
  {
    rule: 'MLB-BOM-044',
    name: 'an unknown mlbom property',
    path: [...model, 'components', 0, 'properties', 0, 'name'],
    value: 'mlbom:file:sise',
    pointer: '/metadata/component/components/0/properties/0',
  },
  ...['/metadata/component/nothing', 'metadata', '/components/01', '/a~2b'].map((value) => ({
    rule: 'MLB-BOM-050',
    name: `a citation of ${value}`,
    path: ['citations', 0, 'pointers', 0],
    value,
    pointer: '/citations/0/pointers/0',
  })),
  {
    rule: 'MLB-BOM-051',
    name: 'a citation by XPath',
    path: ['citations', 0],
    value: { expressions: ['/bom/components'], timestamp: '2026-01-31T12:00:00Z', attributedTo: 'tool' },
    pointer: '/citations/0/expressions/0',
  },
  {
    rule: 'MLB-BOM-060',
    name: 'complete and incomplete',
    path: ['compositions', 1],
    value: { aggregate: 'incomplete', assemblies: ['model'] },
    pointer: '/compositions/1/assemblies/0',
  },
  {
    rule: 'MLB-BOM-061',
    name: 'a dependency on itself',
    path: ['dependencies', 1, 'dependsOn'],
    value: ['torch'],
    pointer: '/dependencies/1/dependsOn/0',
  },
  {
    rule: 'MLB-BOM-062',
    name: 'dependencies listed twice',
    path: ['dependencies', 2],
    value: { ref: 'torch', dependsOn: ['api'] },
    pointer: '/dependencies/2',
  },
  ...[
    'https://user:hunter2@example.org/model',
    's3://bucket/key?X-Amz-Signature=0123456789abcdef0123456789abcdef',
    'https://x.blob.core.windows.net/c/m?sv=2024&sig=abcdefghijklmnopqrstuvwxyz0123456789%3D',
    'https://example.org/?access_token=0123456789abcdef0123',
    `https://example.org/hf_${'a'.repeat(34)}`,
    '-----BEGIN EC PRIVATE KEY-----',
  ].map((value) => ({
    rule: 'MLB-BOM-070',
    name: `the secret in ${value.slice(0, 30)}`,
    path: ['annotations', 0, 'text'],
    value,
    pointer: '/annotations/0/text',
  })),
  {
    rule: 'MLB-BOM-080',
    name: 'an end before the start',
    path: ['formulation', 0, 'workflows', 0, 'timeEnd'],
    value: '2026-01-30T13:59:59+02:00',
    pointer: '/formulation/0/workflows/0/timeEnd',
  },
  {
    rule: 'MLB-BOM-081',
    name: 'the schema of another version',
    path: ['$schema'],
    value: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    pointer: '/$schema',
  },
];

describe('lint', () => {
  test('finds nothing in a clean document, which the schema accepts', async () => {
    expect(lint(cleanDocument())).toEqual([]);
    expect(await validateSchema(cleanDocument())).toEqual([]);
  });

  test.each(cases)('$rule: $name', async ({ rule, path, value, pointer }) => {
    const document = change(cleanDocument(), path, value);
    expect(lint(document).map((finding) => [finding.rule, finding.pointer])).toEqual([[rule, pointer]]);
    expect(await validateSchema(document)).toEqual([]);
  });

  test('has a case for every rule, with unique ids in order', () => {
    const ids = lintRules.map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect([...new Set(cases.map((one) => one.rule)), 'MLB-BOM-099']).toEqual(ids);
  });

  test.each([
    [
      'a foreign BOM-Link',
      ['dependencies', 0, 'dependsOn', 0],
      'urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#x',
    ],
    [
      'an encoded digest',
      ['components', 1, 'purl'],
      `pkg:oci/serve@sha256%3A${'a'.repeat(64)}?repository_url=example.org/x`,
    ],
    [
      'a plain digest',
      ['components', 1, 'purl'],
      `pkg:oci/serve@sha256:${'a'.repeat(64)}?repository_url=example.org%2Fx`,
    ],
    ['an npm scope', ['components', 1, 'purl'], 'pkg:npm/%40acme/x@1.0.0'],
    ['a local version', ['components', 1, 'purl'], 'pkg:pypi/torch@2.9.0%2Bcu128'],
    ['capitals in an old npm name', ['components', 1, 'purl'], 'pkg:npm/JSONStream@1.3.5'],
    ['a plus in a qualifier', ['components', 1, 'purl'], 'pkg:generic/x?vcs_url=git+https://example.org/x'],
    ['a user without password', ['annotations', 0, 'text'], 'ssh://git@example.org/acme/model.git'],
    ['a redacted password', ['annotations', 0, 'text'], 'https://user:***@example.org/'],
    ['a BLAKE3 hash', ['metadata', 'component', 'hashes', 1], { alg: 'BLAKE3', content: 'b'.repeat(64) }],
    [
      'the same hash twice',
      ['metadata', 'component', 'hashes', 1],
      { alg: 'SHA-256', content: 'A'.repeat(64) },
    ],
    ['any version', ['components', 2, 'versionRange'], 'vers:pypi/*'],
    [
      'an expression that is no licence',
      ['formulation', 0, 'workflows', 0, 'trigger'],
      { 'bom-ref': 't', uid: 't', type: 'manual', conditions: [{ expression: '1 == 1' }] },
    ],
  ] as [string, (string | number)[], unknown][])('leaves %s alone', (_, path, value) => {
    expect(lint(change(cleanDocument(), path, value))).toEqual([]);
  });

  test('never repeats a secret', () => {
    const secret = 'https://user:hunter2@example.org/';
    const document = change(cleanDocument(), ['dependencies', 0, 'dependsOn', 0], secret);
    const findings = lint(document);
    expect(findings.map((finding) => finding.rule)).toEqual(['MLB-BOM-001', 'MLB-BOM-070']);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('ends its list where a document has more findings than anyone reads', () => {
    const dependencies = Array.from({ length: limits.bomFindings + 5 }, (_, i) => ({ ref: `r${i}` }));
    const findings = lint({ dependencies });
    expect(findings).toHaveLength(limits.bomFindings + 1);
    expect(findings.at(-1)?.rule).toBe('MLB-BOM-099');
  });

  test('finds nothing in a large clean document', () => {
    expect(lint(largeDocument(40_000))).toEqual([]);
  });
});

function largeDocument(files: number): JsonObject {
  const indexes = Array.from({ length: files }, (_, i) => i);
  return {
    components: indexes.map((i) => ({
      type: 'file',
      'bom-ref': `f${i}`,
      name: `f${i}`,
      purl: `pkg:generic/f${i}@1`,
      hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }],
    })),
    dependencies: indexes.map((i) => ({ ref: `f${i}`, dependsOn: [`f${(i + 1) % files}`] })),
    compositions: [{ aggregate: 'complete', assemblies: indexes.map((i) => `f${i}`) }],
  };
}
