import { describe, expect, it } from 'vitest';
import { compareBoms } from '../../src/changes/compare-boms.ts';
import type { Bom, Component } from '../../src/core/bom.ts';
import type { Change } from '../../src/core/change.ts';
import { sha256 } from '../../src/core/digest.ts';
import { ancestor, dataset, file, modelBom, modelFiles, modelWith } from './sample-boms.ts';

const lead = (changes: readonly Change[]) => changes.map((change) => `${change.severity} ${change.id}`);

function withFiles(change: (files: Record<string, string>) => void, component: Partial<Component> = {}): Bom {
  const files = { ...modelFiles };
  change(files);
  return modelBom({ files, component });
}

function withComponents(...components: Component[]): Bom {
  return modelBom({ bom: { components: [dataset(), ...components] } });
}

const secondShard = 'model-00002-of-00003.safetensors';

describe('files', () => {
  it('names the one shard whose byte was flipped, once, and nothing that follows from it', () => {
    const changes = compareBoms(
      modelBom(),
      withFiles((files) => (files[secondShard] = 'secoNd')),
    );
    expect(lead(changes)).toEqual(['critical W001']);
    expect(changes[0]?.subject.path).toBe(secondShard);
    expect(changes[0]?.what).toContain('shard 2 of 3');
    expect(changes[0]?.was).toBe(`sha256:${sha256('second')}`);
    expect(changes[0]?.now).toBe(`sha256:${sha256('secoNd')}`);
    expect(changes[0]?.pointers).toEqual({
      old: ['/metadata/component/components/3'],
      new: ['/metadata/component/components/3'],
    });
  });

  it('sees two shards that were swapped as two changed files', () => {
    const swap = withFiles((files) => {
      files['model-00001-of-00003.safetensors'] = 'second';
      files[secondShard] = 'first';
    });
    expect(lead(compareBoms(modelBom(), swap))).toEqual(['critical W001', 'critical W001']);
  });

  it('weighs weights less when the version says that they changed', () => {
    const bumped = withFiles((files) => (files[secondShard] = 'new'), {
      version: '1.3',
      purl: 'pkg:huggingface/acme/support-8b@1.3',
    });
    expect(lead(compareBoms(modelBom(), bumped))).toEqual(['medium W003', 'low U001']);
  });

  it('does not take a version that disappeared for a new version', () => {
    const next = withFiles((files) => (files[secondShard] = 'new'));
    delete next.metadata?.component?.version;
    delete next.metadata?.component?.purl;
    expect(lead(compareBoms(modelBom(), next))).toContain('critical W001');
  });

  it('calls a shard with the same bytes under a new name renamed', () => {
    const renamed = withFiles((files) => {
      delete files['model-00002-of-00003.safetensors'];
      files['weights/part-2.safetensors'] = 'second';
    });
    const changes = compareBoms(modelBom(), renamed);
    expect(lead(changes)).toEqual(['low N001']);
    expect(changes[0]?.kind).toBe('moved');
    expect([changes[0]?.was, changes[0]?.now]).toEqual([secondShard, 'weights/part-2.safetensors']);
  });

  it('does not take one empty file for another', () => {
    const old = withFiles((files) => (files['a/__init__.txt'] = ''));
    const next = withFiles((files) => (files['.gitkeep'] = ''));
    expect(lead(compareBoms(old, next))).toEqual(['low O002', 'low O003']);
  });

  it.each([
    ['extra.safetensors', 'critical W005', 'high W006'],
    ['chat_template.jinja', 'medium T001', 'medium T001'],
    ['custom.py', 'medium T002', 'medium T002'],
    ['notes.txt', 'low O002', 'low O003'],
  ])('reports %s added and removed', (path, added, removed) => {
    const more = withFiles((files) => (files[path] = 'more'));
    expect(lead(compareBoms(modelBom(), more))).toEqual([added]);
    expect(lead(compareBoms(more, modelBom()))).toEqual([removed]);
  });

  it('weighs added and removed weights less under a new version', () => {
    const next = withFiles(
      (files) => {
        delete files['model-00002-of-00003.safetensors'];
        files['extra.gguf'] = 'more';
      },
      { version: '2.0', purl: 'pkg:huggingface/acme/support-8b@2.0' },
    );
    expect(lead(compareBoms(modelBom(), next))).toEqual(['medium W007', 'medium W008', 'low U001']);
  });

  it.each([
    ['tokenizer.json', 'medium T001'],
    ['config.json', 'medium T001'],
    ['modeling_support.py', 'medium T002'],
    ['README.md', 'low O001'],
  ])('reports changed content of %s', (path, expected) => {
    expect(
      lead(
        compareBoms(
          modelBom(),
          withFiles((files) => (files[path] = 'other')),
        ),
      ),
    ).toEqual([expected]);
  });

  it('does not let a new media type make weights look like something else', () => {
    const old = modelBom({
      component: { components: [file('weights', 'a', { 'mime-type': 'application/vnd.safetensors' })] },
    });
    const next = modelBom({
      component: { components: [file('weights', 'b', { 'mime-type': 'text/plain' })] },
    });
    expect(lead(compareBoms(old, next))[0]).toBe('critical W001');
  });

  it('reports a digest that was dropped, so that a change cannot hide behind it', () => {
    const bare = { ...file('model.safetensors', 'other'), hashes: [] };
    const old = modelBom({ component: { components: [file('model.safetensors', 'a')] } });
    expect(lead(compareBoms(old, modelBom({ component: { components: [bare] } })))).toContain('high E002');
  });

  it('reports an artifact digest that no file explains', () => {
    const next = modelWith({ hashes: [{ alg: 'SHA-256', content: sha256('forged') }] });
    expect(lead(compareBoms(modelBom(), next))).toEqual(['critical W001']);
  });

  it('does not explain the digest of a foreign model by a changed card', () => {
    const foreign = (content: string, card: string): Bom => ({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: [
        {
          type: 'machine-learning-model',
          name: 'm',
          hashes: [{ alg: 'SHA-256', content: sha256(content) }],
          components: [file('README.md', card)],
        },
      ],
    });
    expect(lead(compareBoms(foreign('a', 'b'), foreign('c', 'd')))).toEqual(['critical W001', 'low O001']);
  });

  it('names the shard of a model nested beside others', () => {
    const nested = (content: string) =>
      modelBom({
        component: {
          type: 'application',
          components: ['a', 'b'].map((name) => ({
            type: 'machine-learning-model' as const,
            'bom-ref': name,
            name,
            components: [file(`${name}/data.weights-part`, name === 'b' ? content : 'same')],
          })),
        },
      });
    const changes = compareBoms(nested('x'), nested('y'));
    expect(lead(changes)).toEqual(['critical W001']);
    expect(changes[0]?.subject.path).toBe('b/data.weights-part');
  });
});

describe('components', () => {
  const library = (version: string, extra: Partial<Component> = {}): Component => ({
    type: 'library',
    name: 'numpy',
    version,
    purl: `pkg:pypi/numpy@${version}`,
    hashes: [{ alg: 'SHA-256', content: sha256(version) }],
    ...extra,
  });

  it('reports a new version once, with the digest and package URL that follow from it', () => {
    expect(lead(compareBoms(withComponents(library('1.26.0')), withComponents(library('2.0.0'))))).toEqual([
      'low U001',
    ]);
  });

  it('reports another digest at the same version', () => {
    const rebuilt = library('1.26.0', { hashes: [{ alg: 'SHA-256', content: sha256('patched') }] });
    expect(lead(compareBoms(withComponents(library('1.26.0')), withComponents(rebuilt)))).toEqual([
      'high U002',
    ]);
  });

  it('pairs the nearest of several versions and leaves the others alone', () => {
    const old = withComponents(library('1.0.0'), library('2.4.0'));
    const next = withComponents(library('2.5.0'), library('1.0.0'), library('9.0.0'));
    const changes = compareBoms(old, next);
    expect(changes.map((change) => [change.id, change.was, change.now])).toEqual([
      ['I003', undefined, 'numpy@9.0.0 (pkg:pypi/numpy@9.0.0)'],
      ['U001', '2.4.0', '2.5.0'],
    ]);
  });

  it('reports a new major version of a framework', () => {
    const torch = (version: string): Component => ({ type: 'framework', name: 'torch', version });
    expect(lead(compareBoms(withComponents(torch('1.13.1')), withComponents(torch('2.0.0'))))).toEqual([
      'medium K001',
    ]);
    expect(lead(compareBoms(withComponents(torch('2.0.0')), withComponents(torch('2.1.0'))))).toEqual([
      'low U001',
    ]);
  });

  it('reports models, data and others that come and go, each with what they nest in one change', () => {
    const model: Component = {
      type: 'machine-learning-model',
      name: 'other',
      components: [file('other.onnx', 'o')],
    };
    const all = withComponents(
      model,
      dataset({ 'bom-ref': 'more', name: 'more', hashes: [] }),
      library('1.0.0'),
    );
    expect(lead(compareBoms(modelBom(), all))).toEqual(['high D001', 'high I001', 'low I003']);
    expect(lead(compareBoms(all, modelBom()))).toEqual(['high D001', 'high I002', 'low I004']);
  });

  it('sees another package in the same place', () => {
    const swapped = library('1.26.0', { purl: 'pkg:pypi/nunpy@1.26.0' });
    expect(lead(compareBoms(withComponents(library('1.26.0')), withComponents(swapped)))).toEqual([
      'medium N003',
    ]);
  });

  it('finds a component again that moved into another one', () => {
    const old = withComponents({ type: 'container', name: 'image' }, library('1.0.0'));
    const next = withComponents({ type: 'container', name: 'image', components: [library('1.0.0')] });
    expect(lead(compareBoms(old, next))).toEqual(['info N002']);
  });

  it('reports more components than a call takes arguments', () => {
    const many = Array.from({ length: 130_000 }, (_, index): Component => ({
      type: 'library',
      name: `library ${index}`,
    }));
    const next = modelBom({ bom: { components: [dataset(), ...many] } });
    expect(compareBoms(modelBom(), next)).toHaveLength(130_000);
  }, 20_000);

  it('never matches by bom-ref', () => {
    const old = withComponents({ type: 'library', 'bom-ref': 'one', name: 'a' });
    const next = withComponents({ type: 'library', 'bom-ref': 'one', name: 'b' });
    expect(lead(compareBoms(old, next))).toEqual(['low I003', 'low I004']);
  });

  it('calls a subject of another name renamed when it holds the same files, and another one when it does not', () => {
    const named = (name: string, files: Record<string, string>) => {
      const bom = modelBom({ files, component: { name } });
      delete bom.metadata?.component?.purl;
      return bom;
    };
    expect(lead(compareBoms(named('a', modelFiles), named('b', modelFiles)))).toEqual(['info N002']);
    const others = lead(compareBoms(named('a', { 'm.gguf': 'a' }), named('b', { 'm.gguf': 'b' })));
    expect(others).toEqual(['critical W001', 'medium N003']);
  });

  it('compares the subject with the subject, whatever it is called now', () => {
    const next = modelWith({ name: 'renamed', purl: 'pkg:huggingface/acme/renamed@1.2' });
    const changes = compareBoms(modelBom(), next);
    expect(lead(changes)).toEqual(['medium N003']);
  });
});

describe('what is said about components', () => {
  it.each([
    ['changed', [{ license: { id: 'MIT' } }], 'high C001'],
    ['gone', [], 'high C001'],
  ])('reports a licence that is %s', (_, licenses, expected) => {
    expect(lead(compareBoms(modelBom(), modelWith({ licenses })))).toEqual([expected]);
  });

  it('tells a name with characters that no SPDX expression has from the licence in it', () => {
    const next = modelWith({ licenses: [{ license: { name: 'Apache-2.0 ©' } }] });
    expect(lead(compareBoms(modelBom(), next))).toEqual(['high C001']);
  });

  it('reports a licence stated for the first time', () => {
    expect(lead(compareBoms(modelWith({ licenses: [] }), modelBom()))).toEqual(['low C002']);
  });

  it.each([
    [{ expression: 'Apache-2.0' }],
    [{ license: { id: 'apache-2.0' } }],
    [{ license: { name: 'APACHE-2.0' } }],
    [{ expression: '(Apache-2.0)' }],
  ])('takes %j for the same licence', (choice) => {
    expect(compareBoms(modelBom(), modelWith({ licenses: [choice] }))).toEqual([]);
  });

  it('takes the operands of a licence expression in any order', () => {
    const old = modelWith({ licenses: [{ expression: 'MIT OR (Apache-2.0 AND ISC)' }] });
    const next = modelWith({ licenses: [{ expression: '(ISC and Apache-2.0) or MIT' }] });
    expect(compareBoms(old, next)).toEqual([]);
  });

  it('takes spellings of a hash algorithm and the case of a digest for the same', () => {
    const next = modelWith({
      hashes: (modelBom().metadata?.component?.hashes ?? []).map((hash) => ({
        alg: 'sha256',
        content: hash.content.toUpperCase(),
      })),
    });
    expect(compareBoms(modelBom(), next)).toEqual([]);
  });

  const lineage = (...ancestors: Component[]) => modelWith({ pedigree: { ancestors } });
  it.each([
    [
      'swapped',
      lineage(ancestor({ name: 'evil-8b', purl: 'pkg:huggingface/evil/evil-8b@1', hashes: [] })),
      'critical L001',
    ],
    [
      'swapped for a namesake',
      lineage(ancestor({ purl: 'pkg:huggingface/evil/base-8b@abc' })),
      'critical L001',
    ],
    ['removed', lineage(), 'high L002'],
    [
      'with another digest',
      lineage(ancestor({ hashes: [{ alg: 'SHA-256', content: sha256('x') }] })),
      'high L002',
    ],
    ['without its digest', lineage(ancestor({ hashes: [] })), 'high L002'],
    ['of another revision', lineage(ancestor({ purl: 'pkg:huggingface/example/base-8b@def' })), 'high L002'],
    [
      'joined by another',
      lineage(ancestor(), ancestor({ name: 'second', purl: 'pkg:huggingface/example/second', hashes: [] })),
      'medium L003',
    ],
    [
      'in another relation',
      lineage(ancestor({ properties: [{ name: 'mlbom:ancestor:relation', value: 'merge' }] })),
      'medium L004',
    ],
    [
      'under another licence',
      lineage(ancestor({ licenses: [{ license: { name: 'llama3.1' } }] })),
      'low C002',
    ],
    [
      'with a new ancestor of its own',
      lineage(
        ancestor({
          pedigree: { ancestors: [ancestor({ name: 'root', purl: 'pkg:huggingface/example/root' })] },
        }),
      ),
      'medium L003',
    ],
    ['described differently', lineage(ancestor({ description: 'new' })), 'low G001'],
  ])('reports an ancestor %s', (_, next, expected) => {
    expect(lead(compareBoms(modelBom(), next))).toEqual([expected]);
  });

  const data = (extra: Partial<Component>) => modelBom({ bom: { components: [dataset(extra)] } });
  it.each([
    ['content', data({ hashes: [{ alg: 'SHA-256', content: sha256('other') }] }), ['high D001']],
    [
      'classification raised',
      data({ data: [{ type: 'dataset', classification: 'Confidential', sensitiveData: ['names'] }] }),
      ['high D002'],
    ],
    [
      'classification in unknown words',
      data({ data: [{ type: 'dataset', classification: 'blue', sensitiveData: ['names'] }] }),
      ['high D002'],
    ],
    [
      'classification lowered',
      data({ data: [{ type: 'dataset', classification: 'public', sensitiveData: ['names'] }] }),
      ['medium D003'],
    ],
    [
      'sensitive class added',
      data({ data: [{ type: 'dataset', classification: 'internal', sensitiveData: ['names', 'PII'] }] }),
      ['high D002'],
    ],
    [
      'sensitive class exchanged',
      data({ data: [{ type: 'dataset', classification: 'internal', sensitiveData: ['PII'] }] }),
      ['high D002', 'medium D003'],
    ],
    [
      'contents moved',
      data({
        data: [
          {
            type: 'dataset',
            classification: 'internal',
            sensitiveData: ['names'],
            contents: { url: 'https://example.org/d' },
          },
        ],
      }),
      ['low G001'],
    ],
  ])('reports a dataset: %s', (_, next, expected) => {
    expect(lead(compareBoms(modelBom(), next))).toEqual(expected);
  });

  it('reports datasets that a model names no longer or anew, by reference and inline', () => {
    const inline = modelWith({
      modelCard: {
        modelParameters: { task: 'text-generation', datasets: [{ type: 'dataset', name: 'web' }] },
      },
    });
    const changes = compareBoms(modelBom(), inline);
    expect(changes.map(({ id, kind, what }) => [id, kind, what])).toEqual([
      ['D001', 'added', 'support-8b names another dataset: web'],
      ['D001', 'removed', 'support-8b no longer names a dataset: tickets'],
    ]);
  });

  it('reports a dataset that goes altogether once', () => {
    const gone = modelBom({
      component: { modelCard: { modelParameters: { task: 'text-generation' } } },
      bom: { components: [], dependencies: [] },
    });
    expect(lead(compareBoms(modelBom(), gone))).toEqual(['high D001']);
  });

  const said = (properties: [string, string][]) =>
    modelBom({ properties: properties.map(([name, value]) => ({ name, value })) });
  it.each([
    ['mlbom:model:dtype', 'medium W004'],
    ['mlbom:model:quantization', 'medium W004'],
    ['mlbom:model:parameters', 'medium W004'],
    ['mlbom:model:chat-template-sha256', 'medium T001'],
    ['mlbom:model:remote-code', 'medium T002'],
    ['mlbom:model:languages', 'low M001'],
    ['unknown:property', 'low G001'],
  ])('reports another value of %s', (name, expected) => {
    expect(lead(compareBoms(said([[name, 'a']]), said([[name, 'b']])))).toEqual([expected]);
  });

  it('gathers the facts of one model in one change', () => {
    const old = said([
      ['mlbom:model:dtype', 'BF16'],
      ['mlbom:model:parameters', '8'],
    ]);
    const next = said([
      ['mlbom:model:dtype', 'F16'],
      ['mlbom:model:parameters', '9'],
    ]);
    const changes = compareBoms(old, next);
    expect(lead(changes)).toEqual(['medium W004']);
    expect([changes[0]?.was, changes[0]?.now]).toEqual([
      'dtype BF16; parameters 8',
      'dtype F16; parameters 9',
    ]);
  });

  const evidence = (basis: string) =>
    said([
      ['mlbom:evidence', JSON.stringify({ attribute: 'license', basis, source: 'README.md', by: 'card' })],
    ]);
  it('reports evidence that became weaker, and only names what became stronger', () => {
    expect(lead(compareBoms(evidence('observed'), evidence('declared')))).toEqual(['medium E001']);
    expect(lead(compareBoms(evidence('verified'), evidence('derived')))).toEqual(['medium E001']);
    expect(lead(compareBoms(evidence('declared'), evidence('observed')))).toEqual(['low G001']);
  });

  it('keeps evidence that is none as an ordinary property', () => {
    expect(
      lead(compareBoms(said([['mlbom:evidence', '{']]), said([['mlbom:evidence', '{"attribute":1}']]))),
    ).toEqual(['low G001']);
  });

  it('reports a contradiction once, though it stands there as conflict and as problem', () => {
    const next = said([
      ['mlbom:problem', '{"code":"shard-missing"}'],
      ['mlbom:conflict', '{}'],
    ]);
    expect(lead(compareBoms(modelBom(), next))).toEqual(['medium X002']);
  });

  it('reports suppliers and authors of components and of the BOM', () => {
    expect(lead(compareBoms(modelBom(), modelWith({ supplier: { name: 'Other' } })))).toEqual(['low A001']);
    const next = modelBom();
    next.metadata = { ...next.metadata, authors: [{ name: 'Eve' }] };
    expect(lead(compareBoms(modelBom(), next))).toEqual(['low A001']);
  });

  it('reports the card', () => {
    expect(lead(compareBoms(modelBom(), modelWith({ description: 'better' })))).toEqual(['low M001']);
  });
});

describe('documents', () => {
  const composed = (aggregate: string) => {
    const bom = modelBom();
    return {
      ...bom,
      compositions: (bom.compositions ?? []).map((composition) => ({ ...composition, aggregate })),
    };
  };
  it('reports completeness that dropped, by word and by silence', () => {
    expect(lead(compareBoms(modelBom(), composed('incomplete')))).toEqual(['medium X001']);
    expect(lead(compareBoms(modelBom(), { ...modelBom(), compositions: [] }))).toEqual(['medium X001']);
  });

  it('only names completeness that rose', () => {
    expect(lead(compareBoms(composed('incomplete'), modelBom()))).toEqual(['low G001']);
  });

  it.each<[string, Partial<Bom>, string[]]>([
    ['services', { services: [{ name: 'api' }] }, ['/services/0']],
    ['properties', { properties: [{ name: 'a', value: 'b' }] }, ['/properties/0']],
    [
      'formulation',
      { formulation: [{ workflows: [], 'bom-ref': 'f', components: [{ type: 'file', name: 'x' }] }] },
      ['/formulation/0'],
    ],
    ['the specification', { specVersion: '1.6' }, ['/specVersion']],
  ])('names the place of a difference in %s', (_, extra, pointers) => {
    const changes = compareBoms(modelBom(), modelBom({ bom: extra }));
    expect(lead(changes)).toEqual(['low G001']);
    expect(changes[0]?.pointers.new).toEqual(pointers);
  });

  it('names the place of an unknown field of a component', () => {
    const next = modelWith({ scope: 'optional', '~/odd': 1 } as Partial<Component>);
    const changes = compareBoms(modelBom(), next);
    expect(lead(changes)).toEqual(['low G001']);
    expect(changes[0]?.pointers.new).toEqual(['/metadata/component/scope', '/metadata/component/~0~1odd']);
  });

  it('reports a new edge between components that both BOMs have, and none that comes with a new one', () => {
    const a: Component = { type: 'library', 'bom-ref': 'a', name: 'a' };
    const b: Component = { type: 'library', 'bom-ref': 'b', name: 'b' };
    const c: Component = { type: 'library', 'bom-ref': 'c', name: 'c' };
    const bom = (components: Component[], dependsOn: string[]): Bom => ({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components,
      dependencies: [{ ref: 'a', dependsOn }],
    });
    expect(lead(compareBoms(bom([a, b], []), bom([a, b], ['b'])))).toEqual(['low G001']);
    expect(lead(compareBoms(bom([a, b], []), bom([a, b, c], ['c'])))).toEqual(['low I003']);
  });

  it('compares citations by what they cite, wherever it stands', () => {
    const cite = (pointer: string) => [
      { pointers: [pointer], attributedTo: 'tool', timestamp: '2026-01-01T00:00:00Z' },
    ];
    const other: Component = { type: 'library', name: 'other' };
    const old = modelBom({ bom: { components: [dataset(), other], citations: cite('/components/1/name') } });
    const next = modelBom({ bom: { components: [other, dataset()], citations: cite('/components/0/name') } });
    expect(compareBoms(old, next)).toEqual([]);
    const elsewhere = modelBom({
      bom: { components: [other, dataset()], citations: cite('/components/1/name') },
    });
    expect(lead(compareBoms(old, elsewhere))).toEqual(['low G001']);
  });
});
