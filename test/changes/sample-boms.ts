import fc from 'fast-check';
import type { Bom, Component, Property } from '../../src/core/bom.ts';
import { sha256 } from '../../src/core/digest.ts';

/** A file as mlbom writes it; `content` is anything that stands for its bytes. */
export function file(path: string, content: string, extra: Partial<Component> = {}): Component {
  return {
    type: 'file',
    'bom-ref': `file:${path}`,
    name: path,
    hashes: [{ alg: 'SHA-256', content: sha256(content) }],
    properties: [
      { name: 'mlbom:file:path', value: path },
      { name: 'mlbom:file:size', value: String(content.length) },
      { name: 'mlbom:file:chunk-size', value: '8388608' },
      { name: 'mlbom:file:chunk-root', value: sha256(`root ${content}`) },
    ],
    evidence: {
      identity: [
        { field: 'hash', methods: [{ technique: 'hash-comparison', confidence: 1 }], tools: ['tool'] },
      ],
    },
    ...extra,
  };
}

export interface ModelOptions {
  files?: Record<string, string>;
  component?: Partial<Component>;
  properties?: Property[];
  bom?: Partial<Bom>;
}

export const modelFiles: Record<string, string> = {
  'README.md': 'card',
  'config.json': '{}',
  'model-00001-of-00003.safetensors': 'first',
  'model-00002-of-00003.safetensors': 'second',
  'model-00003-of-00003.safetensors': 'third',
  'modeling_support.py': 'code',
  'tokenizer.json': 'tokens',
};

/** A model with its files in the subject, and the digests that follow from them. */
export function modelBom(options: ModelOptions = {}): Bom {
  const files = Object.entries(options.files ?? modelFiles);
  const roll = JSON.stringify(files);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: `urn:uuid:${sha256(roll).slice(0, 8)}-0000-4000-8000-000000000000`,
    version: 1,
    metadata: {
      timestamp: '2026-01-01T00:00:00Z',
      tools: { components: [{ type: 'application', 'bom-ref': 'tool', name: 'mlbom', version: '0.1.0' }] },
      component: {
        type: 'machine-learning-model',
        'bom-ref': `model@${sha256(roll).slice(0, 8)}`,
        name: 'support-8b',
        version: '1.2',
        purl: 'pkg:huggingface/acme/support-8b@1.2',
        hashes: [{ alg: 'SHA-256', content: sha256(roll) }],
        licenses: [{ license: { id: 'Apache-2.0' } }],
        components: files.map(([path, content]) => file(path, content)),
        modelCard: { modelParameters: { task: 'text-generation', datasets: [{ ref: 'data' }] } },
        pedigree: { ancestors: [ancestor()] },
        ...options.component,
        properties: [
          { name: 'mlbom:hash:scope', value: 'manifest' },
          { name: 'mlbom:oms:root', value: sha256(`oms ${roll}`) },
          { name: 'mlbom:artifact:files', value: String(files.length) },
          { name: 'mlbom:artifact:bytes', value: String(roll.length) },
          ...(options.properties ?? []),
        ],
      },
    },
    components: [dataset()],
    dependencies: [{ ref: `model@${sha256(roll).slice(0, 8)}`, dependsOn: ['data'] }],
    compositions: [{ aggregate: 'complete', assemblies: [`model@${sha256(roll).slice(0, 8)}`] }],
    ...options.bom,
  };
}

export function ancestor(extra: Partial<Component> = {}): Component {
  return {
    type: 'machine-learning-model',
    'bom-ref': 'base',
    name: 'base-8b',
    purl: 'pkg:huggingface/example/base-8b@abc',
    hashes: [{ alg: 'SHA-256', content: sha256('base') }],
    properties: [{ name: 'mlbom:ancestor:relation', value: 'finetune' }],
    ...extra,
  };
}

export function dataset(extra: Partial<Component> = {}): Component {
  return {
    type: 'data',
    'bom-ref': 'data',
    name: 'tickets',
    hashes: [{ alg: 'SHA-256', content: sha256('tickets') }],
    data: [{ type: 'dataset', classification: 'internal', sensitiveData: ['names'] }],
    ...extra,
  };
}

/** The model with one part of it replaced. */
export function modelWith(component: Partial<Component>): Bom {
  return modelBom({ component });
}

const names = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'torch',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'model-00001-of-00002.safetensors',
  ),
  fc.string({ maxLength: 6 }),
);
const properties = fc.array(
  fc.record({
    name: fc.constantFrom('mlbom:model:dtype', 'mlbom:evidence', 'mlbom:problem', '__proto__', 'x'),
    value: fc.string({ maxLength: 5 }),
  }),
  { maxLength: 3 },
);

const { tree } = fc.letrec<{ tree: Component }>((tie) => ({
  tree: fc.record(
    {
      type: fc.constantFrom('file', 'library', 'machine-learning-model', 'data', 'framework'),
      name: names,
      group: names,
      version: fc.constantFrom('1.0', '1.1', '2.0', '1.0.0-rc.1'),
      purl: fc.constantFrom(
        'pkg:pypi/torch@1.0',
        'pkg:pypi/torch@2.0',
        'pkg:npm/@a/b',
        'pkg:x/y@1#f',
        'not a purl',
      ),
      hashes: fc.array(
        fc.record({ alg: fc.constantFrom('SHA-256', 'SHA-1'), content: fc.constantFrom('aa', 'bb', 'cc') }),
        { maxLength: 2 },
      ),
      licenses: fc.array(fc.constantFrom({ license: { id: 'MIT' } }, { expression: 'MIT OR ISC' }), {
        maxLength: 2,
      }),
      properties,
      components: fc.array(tie('tree'), { maxLength: 3, depthIdentifier: 'bom' }),
      pedigree: fc.record({ ancestors: fc.array(tie('tree'), { maxLength: 1, depthIdentifier: 'bom' }) }),
    },
    { requiredKeys: ['type', 'name'] },
  ),
}));

/** BOMs of all shapes, with many components of the same name, each with its own `bom-ref`. */
export const anyBom: fc.Arbitrary<Bom> = fc
  .record({
    subject: fc.option(tree, { nil: undefined }),
    components: fc.array(tree, { maxLength: 8 }),
    picks: fc.array(fc.nat(50), { maxLength: 12 }),
  })
  .map(({ subject, components, picks }) => {
    const bom: Bom = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: subject ? { component: structuredClone(subject) } : {},
      components: structuredClone(components),
    };
    const refs: string[] = [];
    for (const component of everyComponent(bom)) {
      component['bom-ref'] = `ref ${refs.length}`;
      refs.push(component['bom-ref']);
    }
    const at = (index: number) => refs[(picks[index] ?? 0) % Math.max(1, refs.length)] ?? 'nothing';
    bom.dependencies = [{ ref: at(0), dependsOn: [...new Set([at(1), at(2)])] }];
    bom.compositions = [
      { aggregate: 'complete', assemblies: [at(3)] },
      { aggregate: 'incomplete', assemblies: [at(4)] },
    ];
    bom.annotations = [{ subjects: [at(5)], annotator: {}, timestamp: '2026-01-01T00:00:00Z', text: 'note' }];
    return bom;
  });

export function* everyComponent(bom: Bom): Generator<Component> {
  const queue = [...(bom.metadata?.component ? [bom.metadata.component] : []), ...(bom.components ?? [])];
  for (let next = queue.pop(); next; next = queue.pop()) {
    yield next;
    queue.push(...(next.components ?? []), ...(next.pedigree?.ancestors ?? []));
  }
}

/** The same inventory, written by another program on another day. */
export function rewritten(bom: Bom, seed: number): Bom {
  const random = generator(seed);
  const copy = shuffled(structuredClone(bom), random) as Bom;
  // A reference that leads nowhere has no new name to follow.
  renameRefs(copy, (ref) => (ref === 'nothing' ? ref : `renamed ${ref}`));
  copy.serialNumber = 'urn:uuid:11111111-1111-4111-8111-111111111111';
  copy.version = 7;
  copy.metadata = { ...copy.metadata, timestamp: '2031-01-01T00:00:00Z' };
  for (const note of copy.annotations ?? []) note.timestamp = '2031-01-01T00:00:00Z';
  return copy;
}

function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random));
    for (let i = items.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, shuffled(member, random)] as const);
  return Object.fromEntries(members.reverse());
}

/** Written for the fields that these BOMs use, independently of how the engine finds references. */
function renameRefs(bom: Bom, rename: (ref: string) => string): void {
  const tools = bom.metadata?.tools;
  const toolComponents = tools && !Array.isArray(tools) ? (tools.components ?? []) : [];
  for (const component of [...everyComponent(bom), ...toolComponents]) {
    if (component['bom-ref'] !== undefined) component['bom-ref'] = rename(component['bom-ref']);
    const identity = component.evidence?.identity;
    for (const entry of Array.isArray(identity) ? identity : [])
      entry.tools = (entry.tools ?? []).map(rename);
    for (const entry of component.modelCard?.modelParameters?.datasets ?? []) {
      if ('ref' in entry) entry.ref = rename(entry.ref);
    }
  }
  for (const dependency of bom.dependencies ?? []) {
    dependency.ref = rename(dependency.ref);
    dependency.dependsOn = (dependency.dependsOn ?? []).map(rename);
  }
  for (const composition of bom.compositions ?? [])
    composition.assemblies = (composition.assemblies ?? []).map(rename);
  for (const annotation of bom.annotations ?? []) annotation.subjects = annotation.subjects.map(rename);
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
