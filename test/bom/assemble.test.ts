import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../src/bom/artifacts-of.ts';
import { inventoryWithoutSecrets } from '../../src/bom/without-secrets.ts';
import { assemble } from '../../src/bom/assemble.ts';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { valueAtPointer } from '../../src/core/json-pointer.ts';
import { lint } from '../../src/bom/lint.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import { writeBom } from '../../src/bom/write.ts';
import type { Bom } from '../../src/core/bom.ts';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import type { Declaration } from '../../src/core/declaration.ts';
import { sha256 } from '../../src/core/digest.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import type { CollectedArtifact } from '../../src/inventory/collected-artifact.ts';
import { artifactDigest } from '../../src/manifest/artifact-digest.ts';
import { makeManifest } from '../../src/manifest/manifest.ts';
import { omsRoot } from '../../src/manifest/oms-root.ts';
import { collectFiles } from '../fixtures/collect-files.ts';
import { writeGguf } from '../fixtures/gguf-writer.ts';
import { modelFiles, type Files } from '../fixtures/model-directory.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';

const options = { timestamp: '2026-01-31T12:00:00Z', toolVersion: '0.1.0' };

const declaration: Declaration = {
  source: 'declared.json',
  bom: { authors: [{ name: 'Alice', email: 'alice@example.org' }], lifecycle: 'build' },
  component: {
    name: 'support',
    version: '1.2',
    securityContact: 'security@example.org',
    useCases: ['answering customers'],
    baseModels: [{ name: 'example/base-7k', relation: 'finetune' }],
  },
  datasets: [
    { name: 'example/tickets', classification: 'confidential', owners: [{ name: 'Example' }] },
    { name: 'tickets', url: 'https://example.org/tickets' },
    { name: 'Tickets' },
  ],
  dataFlows: [{ service: 'desk', flow: 'inbound', classification: 'PII' }],
  training: { run: 'run-1', parameters: { epochs: 3 } },
};

function assembled(artifacts: readonly CollectedArtifact[], declared?: Declaration): Bom {
  const inventory = inventoryWithoutSecrets(buildInventory(artifacts, declared));
  return assemble(inventory, { ...options, ...(declared ? { declaration: declared } : {}) });
}

async function bomOf(files: Files, declared?: Declaration): Promise<Bom> {
  return assembled([await collectFiles(files)], declared);
}

/** What the schema and the lint have against a BOM, in both versions. */
async function faultsOf(bom: Bom): Promise<string[]> {
  const faults: string[] = [];
  for (const version of ['1.7', '1.6'] as const) {
    const document = toSpecVersion(bom, version).bom as unknown as JsonObject;
    const findings = [
      ...(await validateSchema(document)),
      ...lint(document).filter(({ severity }) => severity === 'error'),
    ];
    faults.push(...findings.map(({ pointer, message }) => `${version} ${pointer} ${message}`));
  }
  return faults;
}

function jsonOf(bom: Bom): JsonObject {
  return bom as unknown as JsonObject;
}

describe('assemble', () => {
  it('gives a valid document that the lint has nothing against, with and without a declaration', async () => {
    expect(await faultsOf(await bomOf(modelFiles()))).toEqual([]);
    expect(await faultsOf(await bomOf(modelFiles(), declaration))).toEqual([]);
    expect(await faultsOf(await bomOf({}))).toEqual([]);
    expect(await faultsOf(await bomOf({ 'a.bin': 'x' }, declaration))).toEqual([]);
  });

  it('gives one of several sources, too, that have files of the same names', async () => {
    const names = ['support', 'support', 'other'];
    const artifacts = await Promise.all(names.map((name) => collectFiles(modelFiles(), name)));
    expect(await faultsOf(assembled(artifacts))).toEqual([]);
    expect(await faultsOf(assembled(artifacts, declaration))).toEqual([]);
  });

  it('gives one that says what is wrong with a broken model', async () => {
    const bom = await bomOf(
      modelFiles({
        files: {
          'model-00002-of-00002.safetensors': null,
          'gguf/support-Q8_0.gguf': 'broken',
          'onnx/model.onnx_data': null,
          'README.md': '---\nlicense: llama3.1\nparameters: 9B\nbase_model: /home/alice/x\n---\n',
        },
      }),
    );
    expect(await faultsOf(bom)).toEqual([]);
    expect(bom.compositions?.[0]).toEqual({ aggregate: 'incomplete', assemblies: ['artifact'] });
    const said = [...componentsOf(bom)].flatMap(({ component }) =>
      (component.properties ?? []).filter(({ name }) => name === 'mlbom:problem').map(({ value }) => value),
    );
    for (const code of ['shard-missing', 'gguf-', 'external-data-missing', 'statements-differ']) {
      expect(
        said.some((value) => value?.includes(`"code":"${code}`)),
        code,
      ).toBe(true);
    }
  });

  it('does not depend on anything but what it is given', async () => {
    const artifact = await collectFiles(modelFiles());
    const text = writeBom(assembled([artifact], declaration));
    expect(writeBom(assembled([await collectFiles(modelFiles())], declaration))).toBe(text);
    const reversed = { ...artifact, facts: [...artifact.facts] };
    expect(writeBom(assembled([reversed], declaration))).toBe(text);
  });

  it('states the manifest, so that it can be taken out again', async () => {
    const artifact = await collectFiles(modelFiles());
    const [stated, ...others] = artifactsOf(assembled([artifact]));
    expect(others).toEqual([]);
    const manifest = makeManifest(stated?.files ?? []);
    expect(manifest).toEqual(artifact.whole?.manifest);
    expect([artifactDigest(manifest), omsRoot(manifest)]).toEqual([stated?.digest, stated?.omsRoot]);
    const two = artifactsOf(assembled([artifact, artifact]));
    expect(two.map(({ files }) => files.length)).toEqual([artifact.files.length, artifact.files.length]);
  });
});

describe('citations', () => {
  it('point at the values that were read where they say', async () => {
    const bom = await bomOf(modelFiles(), declaration);
    const values = new Map<string, unknown[]>();
    for (const { pointers = [], attributedTo = '' } of bom.citations ?? []) {
      values.set(attributedTo, [
        ...(values.get(attributedTo) ?? []),
        ...pointers.map((pointer) => valueAtPointer(jsonOf(bom), pointer)),
      ]);
    }
    expect([...values.values()].flat()).not.toContain(undefined);
    expect(values.get('file:README.md')).toContainEqual({
      license: { id: 'Apache-2.0', acknowledgement: 'declared' },
    });
    expect(values.get('file:README.md')).toContain('text-generation');
    expect(values.get('file:config.json')).toContain('LlamaForCausalLM');
    expect(values.get('file:config.json')).toContainEqual({
      name: 'mlbom:model:context-length',
      value: '512',
    });
    expect(values.get('file:adapter/adapter_config.json')).toContainEqual({
      name: 'mlbom:model:adapter',
      value: 'LORA',
    });
    expect(values.get('author:1')).toContainEqual(['answering customers']);
    expect(values.get('tool:mlbom')).toContainEqual({
      name: 'mlbom:model:parameters',
      value: '7200',
    });
  });

  it('of several sources are attributed to the files of their own source', async () => {
    const first = await collectFiles({ 'README.md': '---\npipeline_tag: a\n---\n' }, 'one');
    const second = await collectFiles({ 'README.md': '---\npipeline_tag: b\n---\n' }, 'two');
    const bom = assembled([first, second]);
    const tasks = (bom.citations ?? []).flatMap(({ attributedTo, pointers = [] }) =>
      pointers
        .filter((pointer) => pointer.endsWith('/task'))
        .map((pointer) => [attributedTo, valueAtPointer(jsonOf(bom), pointer)]),
    );
    expect(tasks).toEqual([
      ['file:one#README.md', 'a'],
      ['file:two#README.md', 'b'],
    ]);
  });
});

describe('hostile names and texts', () => {
  it('of files stay as they are, in a valid document', async () => {
    const names = [
      '__proto__',
      'constructor',
      'a\u0000b'.replace('\u0000', '\u0001'),
      'line\nbreak',
      '%2e%2e',
      '#',
      '~0~1',
      '"quoted"',
      "'",
      '<script>',
      '\u202egpj.exe',
      'urn:cdx:x',
      'x'.repeat(255),
      'tool:mlbom',
      'artifact',
      'file:artifact',
      'a/file:b',
      '🦙',
    ];
    const files = Object.fromEntries(names.map((name) => [`d/${name}`, name]));
    const artifact = await collectFiles(files);
    const bom = assembled([artifact]);
    expect(await faultsOf(bom)).toEqual([]);
    const [stated] = artifactsOf(bom);
    expect(makeManifest(stated?.files ?? [])).toEqual(artifact.whole?.manifest);
    expect([...componentsOf(bom)].filter(({ component }) => component.type === 'file')).toHaveLength(
      names.length,
    );
  });

  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      ...[
        '__proto__',
        'MIT OR (',
        'MIT AND x',
        'https://[',
        'https://a b',
        'pkg:x',
        'org/name',
        'a'.repeat(20_000),
      ],
      ...[
        'https://u:p@h/x?y=z',
        'hf_abcdefghijklmnopqrstuvwxyzABCDEF',
        'http://\u0000',
        'a,b',
        '\u0085',
        ' ',
      ],
    ),
  );
  const wellFormed = text.map((value) => value.toWellFormed());

  it('of a card give a valid document, whatever they are', async () => {
    const field = fc.constantFrom(
      ...['model_name', 'license', 'license_name', 'license_link', 'pipeline_tag', 'tags', 'language'],
      ...['library_name', 'base_model_relation', 'parameters', 'dtype', 'model_type'],
    );
    const card = fc.dictionary(field, fc.oneof(wellFormed, fc.array(wellFormed, { maxLength: 3 })));
    await fc.assert(
      fc.asyncProperty(card, wellFormed, wellFormed, async (fields, dataset, type) => {
        const names = {
          base_model: ['example/a', dataset.slice(0, 12)],
          datasets: [dataset.slice(0, 12), 'squad'],
        };
        const metrics = { 'model-index': [{ results: [{ metrics: [{ type, value: type }] }] }] };
        const front = JSON.stringify({ ...fields, ...names, ...metrics });
        const bom = await bomOf({ 'README.md': `---\n${front}\n---\n`, 'm.gguf': writeGguf({}) });
        expect(await faultsOf(bom)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('of headers give a valid document, whatever they are', async () => {
    const key = fc.constantFrom(
      ...[
        'name',
        'version',
        'description',
        'license',
        'license.name',
        'license.link',
        'author',
        'organization',
      ],
      ...['url', 'repo_url', 'architecture', 'quantized_by', 'source.url', 'base_model.0.version'],
    );
    const metadata = fc.dictionary(key, wellFormed);
    await fc.assert(
      fc.asyncProperty(metadata, wellFormed, async (fields, title) => {
        const entries = Object.entries(fields).map(
          ([name, value]) => [`general.${name}`, 'string', value] as const,
        );
        const base = ['general.base_model.0.name', 'string', title.slice(0, 12)] as const;
        const gguf = writeGguf({ metadata: [...entries, base, ['general.base_model.count', 'uint32', 1]] });
        const tensors = [{ name: title, dtype: 'F32', shape: [1] }];
        const lora = writeSafetensors({ tensors, metadata: { 'modelspec.title': title, format: title } });
        expect(await faultsOf(await bomOf({ 'm.gguf': gguf, 'lora.safetensors': lora }))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('that are secrets do not reach the document', async () => {
    const token = `hf_${'a1B2'.repeat(8)}ab`;
    const bom = await bomOf({
      'README.md': `---\ntags: [${token}]\nmodel_name: ${token}\nlicense: ${token}\nbase_model: ${token}\ndatasets: [${token}]\n---\n`,
      'm.gguf': writeGguf({ metadata: [['general.source.url', 'string', token]] }),
    });
    expect(JSON.stringify(bom)).not.toContain(token);
    expect(JSON.stringify(bom)).toContain('(removed: an access token)');
    expect(await faultsOf(bom)).toEqual([]);
  });
});

it('takes time in proportion to the files: 50,000 in a few seconds', async () => {
  const artifact = await collectFiles({ 'm.gguf': writeGguf({}) });
  const many = Array.from({ length: 50_000 }, (_, index) => {
    const digest = sha256(String(index));
    const size = 1;
    return {
      path: `d${index % 100}/${index}`,
      size,
      sha256: digest,
      chunkSize: 1,
      chunkRoot: digest,
      kept: [],
    };
  });
  const files = [...(artifact.whole?.manifest.files ?? []), ...many];
  const whole = { digest: '0'.repeat(64), omsRoot: '0'.repeat(64), manifest: makeManifest(files) };
  const bom = assembled([{ ...artifact, files: [...artifact.files, ...many], whole }]);
  const subject = bom.metadata?.component;
  expect(subject?.components).toHaveLength(50_001);
  expect(propertyOf(subject ?? {}, 'mlbom:artifact:files')).toBe('50001');
});
