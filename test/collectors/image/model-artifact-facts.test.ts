import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelArtifactFacts, readModelConfig } from '../../../src/collectors/image/model-artifact-facts.ts';
import { promisedDiffIds } from '../../../src/collectors/image/promised-diff-ids.ts';
import { isMlbomError } from '../../../src/core/errors.ts';
import type { Fact } from '../../../src/core/fact.ts';
import type { Descriptor } from '../../../src/core/image.ts';
import type { ModelScheme } from '../../../src/formats/oci/model-artifact.ts';
import { valuesOf, withoutEvidence } from '../collected.ts';

const source = 'configuration';

function read(scheme: ModelScheme, config: object): readonly Fact[] {
  return modelArtifactFacts(scheme, Buffer.from(JSON.stringify(config)), source);
}

function only(scheme: ModelScheme, config: object): Fact {
  const [fact, ...others] = read(scheme, config);
  if (!fact || others.length > 0) throw new Error('not one fact');
  return fact;
}

const modelPack = {
  descriptor: {
    createdAt: '2026-01-01T00:00:00Z',
    authors: ['A. Person <a@example.org>'],
    family: 'llama3',
    name: 'support-8b',
    version: '1.2',
    title: 'Support',
    description: 'Answers questions',
    docURL: 'https://example.org/docs?token=secret',
    sourceURL: 'https://git.example.org/support',
    datasetsURL: ['https://huggingface.co/datasets/example/questions'],
    revision: '0123abc',
    vendor: 'Example',
    licenses: ['Apache-2.0', 'MIT'],
  },
  config: {
    architecture: 'transformer',
    format: 'safetensors',
    paramSize: '8b',
    precision: 'bf16',
    quantization: 'awq',
    capabilities: {
      inputTypes: ['text', 'image'],
      outputTypes: ['text'],
      knowledgeCutoff: '2025-06-01T00:00:00Z',
      reasoning: true,
      languages: ['en', 'no'],
    },
  },
  modelfs: { type: 'layers', diffIds: [] as string[] },
};

describe('the configuration of a model artifact', () => {
  it("is ModelPack's", () => {
    const fact = only('modelpack', modelPack);
    expect(fact).toMatchObject({ about: { kind: 'directory', path: '.' }, type: 'machine-learning-model' });
    expect(fact.attributes[0]?.evidence).toEqual({
      basis: 'declared',
      source,
      at: '/descriptor/name',
      by: 'image',
    });
    expect(valuesOf(fact)).toEqual({
      name: 'support-8b',
      version: '1.2',
      description: 'Answers questions',
      license: { license: 'Apache-2.0 AND MIT' },
      authors: [{ name: 'A. Person', email: 'a@example.org' }],
      supplier: { name: 'Example' },
      references: [
        { type: 'documentation', url: 'https://example.org/docs' },
        { type: 'vcs', url: 'https://git.example.org/support' },
      ],
      inputs: ['text', 'image'],
      outputs: ['text'],
      'mlbom:model:format': 'safetensors',
      'mlbom:model:parameters': '8000000000',
      'mlbom:model:quantization': 'awq',
      'mlbom:model:dtype': 'BF16',
      'mlbom:model:languages': 'en,no',
      'mlbom:model:header': [
        'family=llama3',
        'revision=0123abc',
        'title=Support',
        'createdAt=2026-01-01T00:00:00Z',
        'architecture=transformer',
        'knowledgeCutoff=2025-06-01T00:00:00Z',
        'reasoning=true',
      ],
    });
    expect(withoutEvidence(fact)).toEqual([
      {
        type: 'dataset',
        to: { name: 'example/questions', url: 'https://huggingface.co/datasets/example/questions' },
      },
    ]);
  });

  it.each([
    [
      'as the model runner writes it',
      {
        format: 'gguf',
        quantization: 'MOSTLY_Q4_K_M',
        parameters: '1.10 B',
        architecture: 'llama',
        size: '636.18 MiB',
      },
    ],
    [
      'as the specification has it',
      { format: 'gguf', gguf: { architecture: 'llama', parameter_count: '1.10 B', quantization: 'Q4_K_M' } },
    ],
  ])("is Docker's, %s", (_, config) => {
    expect(valuesOf(only('docker-ai', { config }))).toEqual({
      architectureFamily: 'llama',
      'mlbom:model:format': 'gguf',
      'mlbom:model:parameters': '1100000000',
      'mlbom:model:quantization': 'Q4_K_M',
    });
  });

  it("is KitOps': of the package, and of the model in it", () => {
    const [ofPackage, ofModel] = read('kitops', {
      manifestVersion: '1.0',
      package: { name: 'support', version: '2.0', authors: ['Example'], license: 'Apache-2.0' },
      model: {
        name: 'support-8b',
        path: 'registry.example.org/team/base:v1',
        framework: 'PyTorch',
        format: 'GGUF',
        license: 'MIT',
        parameters: { temperature: 0.2, api_key: 'secret' },
      },
      datasets: [{ name: 'questions', path: 'data.csv' }, 'no dataset'],
    }) as [Fact, Fact];
    expect(valuesOf(ofPackage)).toEqual({
      name: 'support',
      version: '2.0',
      authors: [{ name: 'Example' }],
      'mlbom:model:header': 'package-license=Apache-2.0',
    });
    expect(valuesOf(ofModel)).toEqual({
      name: 'support-8b',
      license: { license: 'MIT' },
      'mlbom:model:library': 'pytorch',
      'mlbom:model:format': 'gguf',
      'mlbom:model:header': 'temperature=0.2',
    });
    expect(withoutEvidence(ofModel)).toEqual([
      {
        type: 'base-model',
        how: 'unspecified',
        to: { name: 'registry.example.org/team/base', version: 'v1' },
      },
      { type: 'dataset', to: { name: 'questions' } },
    ]);
  });

  it("is Ollama's", () => {
    const fact = only('ollama', {
      model_format: 'gguf',
      model_family: 'llama',
      model_type: '8.0B',
      file_type: 'Q4_K_M',
      context_length: 8192,
      capabilities: ['completion', 'tools'],
      base_name: 'example/base',
      rootfs: { type: 'layers', diff_ids: [] },
    });
    expect(valuesOf(fact)).toEqual({
      architectureFamily: 'llama',
      'mlbom:model:format': 'gguf',
      'mlbom:model:parameters': '8000000000',
      'mlbom:model:quantization': 'Q4_K_M',
      'mlbom:model:library': 'ollama',
      'mlbom:model:context-length': '8192',
      'mlbom:model:header': 'capabilities=completion,tools',
    });
    expect(withoutEvidence(fact)).toMatchObject([{ type: 'base-model', to: { name: 'example/base' } }]);
  });

  it('is nothing in what ORAS pushed', () => {
    expect(read('oras', {})).toEqual([]);
  });

  it('does not make an architecture of a kind of network, nor a family of a class', () => {
    const said = (architecture: string) => valuesOf(only('modelpack', { config: { architecture } }));
    expect(said('CNN')).toEqual({ 'mlbom:model:header': 'architecture=CNN' });
    expect(said('LlamaForCausalLM')).toEqual({ modelArchitecture: 'LlamaForCausalLM' });
    expect(said('qwen2')).toEqual({ architectureFamily: 'qwen2' });
  });

  it('ends in facts or an MlbomError, whatever it is', () => {
    const scheme = fc.constantFrom<ModelScheme>('modelpack', 'docker-ai', 'kitops', 'ollama', 'oras');
    const names = [
      'config',
      'descriptor',
      'model',
      'package',
      'datasets',
      'capabilities',
      'gguf',
      'authors',
      'path',
    ];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(scheme, value, (each, config) => {
        const bytes = Buffer.from(JSON.stringify(config));
        try {
          modelArtifactFacts(each, bytes, source);
          promisedDiffIds(each, readModelConfig(bytes, source), [layer('a')]);
        } catch (error) {
          if (!isMlbomError(error)) throw error;
        }
      }),
    );
  });
});

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

function layer(digit: string, annotations: Readonly<Record<string, string>> = {}): Descriptor {
  return { mediaType: 'x/y', digest: { algorithm: 'sha256', hex: digit.repeat(64) }, size: 1, annotations };
}

describe('the digests of unpacked layers that an artifact promises', () => {
  const layers = [layer('a'), layer('b')];
  const hexes = (scheme: ModelScheme, config: object, of = layers) =>
    promisedDiffIds(scheme, JSON.parse(JSON.stringify(config)) as never, of).map((digest) => digest?.hex);

  it.each<[ModelScheme, object, (string | undefined)[]]>([
    ['modelpack', { modelfs: { type: 'layers', diffIds: [`sha256:${b}`, `sha256:${c}`] } }, [b, c]],
    ['modelpack', { modelfs: { type: 'layers', diff_ids: [`sha256:${b}`, `sha256:${c}`] } }, [b, c]],
    ['modelpack', {}, [undefined, undefined]],
    ['docker-ai', { rootfs: { diff_ids: [`sha256:${b}`, `sha256:${c}`] } }, [b, c]],
    ['docker-ai', { files: [{ diffID: `sha256:${b}` }, { diffID: `sha256:${c}` }] }, [b, c]],
    [
      'kitops',
      { model: { digest: `sha256:${b}`, diffId: `sha256:${c}` }, docs: [{ digest: `sha256:${a}` }] },
      [undefined, c],
    ],
    ['kitops', { model: { parts: [{ digest: `sha256:${a}`, diffId: `sha256:${c}` }] } }, [c, undefined]],
    ['ollama', { rootfs: { diff_ids: [`sha256:${b}`] } }, [undefined, undefined]],
  ])("are %s's of %j", (scheme, config, expected) => {
    expect(hexes(scheme, config)).toEqual(expected);
  });

  it('are what oras wrote beside a packed directory', () => {
    const packed = layer('a', { 'io.deis.oras.content.digest': `sha256:${c}` });
    expect(hexes('oras', {}, [packed, layer('b')])).toEqual([c, undefined]);
  });

  it.each([
    ['one for two layers', { modelfs: { diffIds: [`sha256:${a}`] } }],
    ['no digests', { modelfs: { diffIds: ['sha256:short', 1] } }],
    ['a number', { modelfs: { diffIds: [1, 2] } }],
  ])('are refused when they are %s', (_, config) => {
    expect(() => hexes('modelpack', config)).toThrow(expect.objectContaining({ code: 'E_MALFORMED' }));
  });
});
