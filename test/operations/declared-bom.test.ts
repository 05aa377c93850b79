import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble } from '../../src/bom/assemble.ts';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { valueAtPointer } from '../../src/core/json-pointer.ts';
import { lint } from '../../src/bom/lint.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import { sha256 } from '../../src/core/digest.ts';
import type { Bom, SpecVersion } from '../../src/core/bom.ts';
import { componentsOf } from '../../src/core/components-of.ts';
import type { Declaration } from '../../src/core/declaration.ts';
import { attribute } from '../../src/core/fact.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import type { CollectedArtifact } from '../../src/inventory/collected-artifact.ts';
import { artifactDigest } from '../../src/manifest/artifact-digest.ts';
import { makeManifest } from '../../src/manifest/manifest.ts';
import { omsRoot } from '../../src/manifest/oms-root.ts';
import { readDeclaration } from '../../src/operations/read-declaration.ts';
import { directoryWith } from './declaration-files.ts';
import { alteredDeclarations, fullDeclaration } from './full-declaration.ts';

const versions: readonly SpecVersion[] = ['1.7', '1.6'];
const content = fullDeclaration();
delete content['$schema'];
delete content['version'];
const full = { ...content, source: 'declared.json' } as Declaration;

test.each(versions)('a declaration with every field makes a valid and clean BOM in %s', async (version) => {
  const bom = bomOf([model('support')], full, version);
  expect(await faultsOf(bom)).toEqual([]);
  expect(lint(bom as unknown as JsonObject)).toEqual([]);
});

test.each(versions)('every declared value stands in the BOM in %s', (version) => {
  const said = textsOf(bomOf([model('support')], full, version) as unknown as JsonValue);
  const asWritten: Record<string, string> = {
    '7B': '7000000000',
    'security@example.org': 'mailto:security@example.org',
    ['C0FFEE00'.repeat(8)]: 'c0ffee00'.repeat(8),
    '1000': 'rows=1000',
    '98%': 'share of English=98%',
  };
  const missing = textsOf(content).filter((value) => !said.includes(asWritten[value] ?? value));
  expect(missing).toEqual([]);
});

test('every field that a declaration fills is cited as declared, by its author', () => {
  const bom = bomOf([model('support')], full, '1.7');
  const citation = bom.citations?.find(({ note }) => note === 'declared: declared.json (declaration)');
  expect(citation?.attributedTo).toBe('author:1');
  expect(citation?.pointers).toEqual(expect.arrayContaining(declaredPlaces));
  for (const pointer of citation?.pointers ?? []) {
    expect(valueAtPointer(bom as unknown as JsonObject, pointer), pointer).toBeDefined();
  }
});

test('in 1.6, which has no citations, properties mark what is declared', () => {
  const bom = bomOf([model('support')], full, '1.6');
  const marks = [
    ...(bom.metadata?.properties ?? []),
    ...[...componentsOf(bom)].flatMap(({ component }) => component.properties ?? []),
  ].flatMap(({ name, value }) =>
    name === 'mlbom:evidence' ? [JSON.parse(value ?? '') as { at?: string; basis: string }] : [],
  );
  const declaredAt = new Set(marks.filter(({ basis }) => basis === 'declared').map(({ at }) => at));
  const { component = {}, bom: document = {}, security = {} } = full;
  for (const field of Object.keys(component).filter(
    (name) => !['securityContact', 'baseModels'].includes(name),
  )) {
    expect(declaredAt).toContain(`component.${field}`);
  }
  for (const field of Object.keys(document)) expect(declaredAt).toContain(`bom.${field}`);
  for (const field of Object.keys(security)) expect(declaredAt).toContain(`security.${field}`);
  expect([...declaredAt]).toEqual(expect.arrayContaining(['dataFlows', 'training', 'datasets.0']));
});

test('what is declared of a dataset is not said of the model', () => {
  const { license, description, ...component } = full.component ?? {};
  const { metadata } = bomOf([model('support')], { ...full, component }, '1.7');
  expect([license, description]).not.toContain(undefined);
  expect(metadata?.component).not.toHaveProperty('licenses');
  expect(metadata?.component).not.toHaveProperty('description');
});

test('a dataset that is declared does not make data of what is none', () => {
  const { datasets } = full;
  const bom = bomOf([files('scripts')], { source: 'x', ...(datasets ? { datasets } : {}) }, '1.7');
  expect(bom.metadata?.component?.type).toBe('application');
});

test.each(versions)('what a card says is kept in %s where the subject is no model', async (version) => {
  const declaration: Declaration = { source: 'x', component: { useCases: ['drafting replies'] } };
  const bom = bomOf([model('a'), files('b')], declaration, version);
  expect(await faultsOf(bom)).toEqual([]);
  const subject = bom.metadata?.component;
  expect(subject?.type).toBe('application');
  const card = subject?.properties?.find(({ name }) => name === 'mlbom:card')?.value ?? '';
  expect(JSON.parse(card)).toEqual({ considerations: { useCases: ['drafting replies'] } });
});

test('a base that is declared and that each of several models names is described at each, with refs of their own', async () => {
  const artifact = model('quants', ['q4.gguf', 'q8.gguf'], 'example/base-7b');
  const bom = bomOf([artifact], full, '1.7');
  expect(await faultsOf(bom)).toEqual([]);
});

test("a bare name is the user's own word, not the Hub's", () => {
  const { metadata, components } = bomOf(
    [model('m')],
    { source: 'x', component: { baseModels: [{ name: 'base' }] }, datasets: [{ name: 'squad' }] },
    '1.7',
  );
  expect(metadata?.component?.pedigree?.ancestors?.[0]).not.toHaveProperty('purl');
  expect(components?.[0]).not.toHaveProperty('externalReferences');
});

test.each(versions)('any part of a declaration makes a valid and clean BOM in %s', async (version) => {
  await fc.assert(
    fc.asyncProperty(partOf(content), async (part) => {
      const declaration = { ...(part as object), source: 'declared.json' } as Declaration;
      expect(await faultsOf(bomOf([model('m')], declaration, version))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('whatever the schema lets through makes a valid and clean BOM in both versions', async () => {
  const path = join(directoryWith({}), 'declared.json');
  let read = 0;
  await fc.assert(
    fc.asyncProperty(alteredDeclarations(), async (document) => {
      writeFileSync(path, JSON.stringify(document));
      const declaration = await readDeclaration(path).catch(() => undefined);
      if (!declaration) return;
      read++;
      for (const version of versions) {
        expect(await faultsOf(bomOf([model('m')], declaration, version))).toEqual([]);
        expect(await faultsOf(bomOf([model('m'), files('x')], declaration, version))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(30);
});

const declaredPlaces = [
  '/metadata/authors',
  '/metadata/supplier',
  '/metadata/manufacturer',
  '/metadata/lifecycles',
  '/metadata/licenses',
  '/metadata/component/name',
  '/metadata/component/version',
  '/metadata/component/description',
  '/metadata/component/purl',
  '/metadata/component/licenses/0',
  '/metadata/component/copyright',
  '/metadata/component/supplier',
  '/metadata/component/manufacturer',
  '/metadata/component/authors',
  '/metadata/component/tags',
  '/metadata/component/externalReferences',
  '/metadata/component/pedigree/ancestors/0',
  '/metadata/component/modelCard/modelParameters/approach',
  '/metadata/component/modelCard/modelParameters/task',
  '/metadata/component/modelCard/modelParameters/architectureFamily',
  '/metadata/component/modelCard/modelParameters/modelArchitecture',
  '/metadata/component/modelCard/modelParameters/inputs',
  '/metadata/component/modelCard/modelParameters/outputs',
  '/metadata/component/modelCard/quantitativeAnalysis/performanceMetrics',
  '/metadata/component/modelCard/considerations/users',
  '/metadata/component/modelCard/considerations/useCases',
  '/metadata/component/modelCard/considerations/technicalLimitations',
  '/metadata/component/modelCard/considerations/performanceTradeoffs',
  '/metadata/component/modelCard/considerations/ethicalConsiderations',
  '/metadata/component/modelCard/considerations/environmentalConsiderations',
  '/components/0/name',
  '/components/0/version',
  '/components/0/description',
  '/components/0/licenses/0',
  '/components/0/externalReferences',
  '/components/0/pedigree/notes',
  '/components/0/data/0',
  '/services',
  '/formulation',
  '/declarations',
  '/definitions',
];

function bomOf(artifacts: CollectedArtifact[], declaration: Declaration, version: SpecVersion): Bom {
  const bom = assemble(buildInventory(artifacts, declaration), {
    timestamp: '2026-01-31T12:00:00Z',
    toolVersion: '0.1.0',
    declaration,
  });
  return toSpecVersion(bom, version).bom;
}

async function faultsOf(bom: Bom): Promise<string[]> {
  const document = bom as unknown as JsonObject;
  const errors = lint(document).filter(({ severity }) => severity === 'error');
  return [...(await validateSchema(document)), ...errors].map(
    ({ pointer, message }) => `${pointer}: ${message}`,
  );
}

/** An artifact whose files are each a model of their own; each names `base`, if any. */
function model(name: string, paths: readonly string[] = ['model.gguf'], base?: string): CollectedArtifact {
  return {
    ...files(name, paths),
    facts: paths.map((path) => {
      const evidence = { basis: 'declared', source: path, by: 'test' } as const;
      return {
        about: { kind: 'weights', path },
        type: 'machine-learning-model',
        attributes: [attribute('mlbom:model:format', 'gguf', evidence)],
        relations:
          base === undefined
            ? []
            : [
                {
                  type: 'base-model',
                  how: 'quantized',
                  to: { name: base, purl: `pkg:huggingface/${base}` },
                  evidence,
                },
              ],
      };
    }),
  };
}

function files(name: string, paths: readonly string[] = ['run.sh']): CollectedArtifact {
  const list = paths.map((path) => ({
    path,
    size: 1,
    sha256: sha256(path),
    chunkSize: 8,
    chunkRoot: sha256(`${path}!`),
    kept: [],
  }));
  const manifest = makeManifest(list);
  return {
    name,
    files: list,
    whole: { digest: artifactDigest(manifest), omsRoot: omsRoot(manifest), manifest },
    excluded: [],
    facts: [],
    problems: [],
    findings: [],
    lists: [],
    runs: [],
    examined: new Map(),
  };
}

/** Every leaf as text. */
function textsOf(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsOf);
  return [String(value)];
}

const required = new Set([
  'name', 'type', 'url', 'value', 'activity', 'kilowattHours', 'provider', 'energySource', 'service', 'flow', 'run',
  'claim', 'lower', 'upper',
]); // prettier-ignore

/** The declaration without some of its fields that may be absent. */
function partOf(value: JsonValue): fc.Arbitrary<JsonValue> {
  if (Array.isArray(value)) return fc.tuple(...value.map(partOf));
  if (typeof value !== 'object' || value === null) return fc.constant(value);
  const members = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, partOf(item)]));
  const requiredKeys = Object.keys(members).filter((name) => required.has(name));
  return fc.record(members, { requiredKeys });
}
