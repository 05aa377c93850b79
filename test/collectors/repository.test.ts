import { describe, expect, it } from 'vitest';
import { modelCard } from '../../src/collectors/model-card/index.ts';
import { peft } from '../../src/collectors/peft/index.ts';
import { transformers } from '../../src/collectors/transformers/index.ts';
import { sha256 } from '../../src/core/digest.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { factOf, valuesOf, withoutEvidence } from './collected.ts';

describe('model-card', () => {
  const read = (card: string) => factOf(modelCard, 'a/README.md', `---\n${card}\n---\n# Support\n`);

  it('reads the front matter of a card', async () => {
    const fact = await read(`model_name: Support
license: other
license_name: example-license
license_link: https://example.org/license?token=secret
language: [en, no]
library_name: transformers
pipeline_tag: text-generation
tags: support
base_model: [gpt2, example/base]
datasets: [squad, example/tickets]
parameters: 1.1B
dtype: bfloat16
model_type: llama
model-index:
  - results:
      - dataset: { name: Tickets }
        metrics: [{ type: accuracy, value: 0.91 }, { type: broken }, 3]`);
    expect(fact.about).toEqual({ kind: 'directory', path: 'a' });
    expect(valuesOf(fact)).toEqual({
      name: 'Support',
      license: { license: 'example-license', url: 'https://example.org/license' },
      task: 'text-generation',
      tags: ['support'],
      architectureFamily: 'llama',
      metrics: [{ type: 'accuracy', value: '0.91', slice: 'Tickets' }],
      'mlbom:model:languages': 'en,no',
      'mlbom:model:library': 'transformers',
      'mlbom:model:parameters': '1100000000',
      'mlbom:model:dtype': 'BF16',
    });
    expect(withoutEvidence(fact)).toEqual([
      { type: 'base-model', how: 'merge', to: { name: 'gpt2', purl: 'pkg:huggingface/gpt2' } },
      {
        type: 'base-model',
        how: 'merge',
        to: { name: 'example/base', purl: 'pkg:huggingface/example/base' },
      },
      { type: 'dataset', to: { name: 'squad', url: 'https://huggingface.co/datasets/squad' } },
      {
        type: 'dataset',
        to: { name: 'example/tickets', url: 'https://huggingface.co/datasets/example/tickets' },
      },
    ]);
  });

  it.each(['finetune', 'adapter', 'merge', 'quantized'])('reads the relation %s', async (how) => {
    const fact = await read(`base_model: example/base\nbase_model_relation: ${how}`);
    expect(fact.relations).toMatchObject([{ type: 'base-model', how }]);
  });

  it.each([
    ['no front matter', '# Support\n---\nlicense: mit\n---\n'],
    ['an empty front matter', '---\n---\n# Support\n---\nlicense: mit\n---\n'],
    ['a front matter that does not end', '---\nlicense: mit\n'],
    ['a rule of dashes', '-----\nlicense: mit\n---\n'],
    ['a front matter of nothing but a comment', '---\n# nothing\n---\n'],
  ])('reads nothing from %s', async (_, text) => {
    const { facts } = await modelCard.collect(memoryEntry('README.md', text));
    expect(facts.flatMap(({ attributes }) => attributes)).toEqual([]);
  });

  it('reads the front matter whatever the encoding of the text below it, and with any line ends', async () => {
    const bytes = Buffer.concat([
      Buffer.from('--- \r\nlicense: mit\r\n---\r\n'),
      Buffer.from('Größe', 'latin1'),
    ]);
    expect(valuesOf(await factOf(modelCard, 'README.md', bytes))).toEqual({ license: { license: 'mit' } });
  });

  it('says so when the front matter is no mapping, and refuses what is no YAML', async () => {
    const { facts, problems } = await modelCard.collect(memoryEntry('README.md', '---\n- a\n---\n'));
    expect(facts).toEqual([]);
    expect(problems).toMatchObject([{ code: 'malformed', path: 'README.md' }]);
    const twice = memoryEntry('README.md', '---\nlicense: mit\nlicense: gpl-3.0\n---\n');
    await expect(modelCard.collect(twice)).rejects.toMatchObject({ code: 'E_MALFORMED' });
  });
});

describe('transformers', () => {
  const read = (name: string, document: unknown) =>
    factOf(transformers, `a/${name}`, typeof document === 'string' ? document : JSON.stringify(document));

  it('reads config.json', async () => {
    const fact = await read('config.json', {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      torch_dtype: 'float16',
      max_position_embeddings: 4096,
      hidden_size: 32,
      num_hidden_layers: 2,
      vocab_size: 64,
      transformers_version: '4.57.1',
      quantization_config: { quant_method: 'awq', bits: 4 },
      auto_map: {
        AutoConfig: 'configuration_support.SupportConfig',
        AutoModel: ['modeling_support.Support', null],
      },
    });
    expect(valuesOf(fact)).toEqual({
      architectureFamily: 'llama',
      modelArchitecture: 'LlamaForCausalLM',
      'mlbom:model:dtype': 'F16',
      'mlbom:model:quantization': 'awq 4-bit',
      'mlbom:model:context-length': '4096',
      'mlbom:model:embedding-length': '32',
      'mlbom:model:layers': '2',
      'mlbom:model:vocabulary-size': '64',
      'mlbom:model:producer': 'transformers 4.57.1',
      'mlbom:model:remote-code': 'configuration_support.SupportConfig,modeling_support.Support',
    });
  });

  it('reads the language model of a multimodal one, and older names', async () => {
    const nested = { model_type: 'llava', text_config: { max_position_embeddings: 512, dtype: 'bfloat16' } };
    expect(valuesOf(await read('config.json', nested))).toMatchObject({
      'mlbom:model:context-length': '512',
      'mlbom:model:dtype': 'BF16',
    });
    const old = { model_type: 'gpt2', n_positions: 1024, n_embd: 768, n_layer: 12, n_ctx: -1 };
    expect(valuesOf(await read('config.json', old))).toMatchObject({
      'mlbom:model:context-length': '1024',
      'mlbom:model:embedding-length': '768',
      'mlbom:model:layers': '12',
    });
  });

  it.each(['constructor', '__proto__', 'toString'])('takes the dtype %s for a text', async (dtype) => {
    const fact = await read('config.json', { model_type: 'llama', torch_dtype: dtype });
    expect(valuesOf(fact)).toMatchObject({ 'mlbom:model:dtype': dtype });
  });

  it('reads the settings of generation, and no token ids', async () => {
    const fact = await read('generation_config.json', {
      temperature: 0.7,
      do_sample: true,
      top_k: null,
      eos_token_id: 2,
    });
    expect(valuesOf(fact)).toEqual({ 'mlbom:model:generation': ['do_sample=true', 'temperature=0.7'] });
  });

  it('reads tokenizers and chat templates', async () => {
    const config = {
      tokenizer_class: 'PreTrainedTokenizerFast',
      chat_template: [
        { name: 'default', template: 'a' },
        { name: 'tools', template: 'b' },
      ],
    };
    expect(valuesOf(await read('tokenizer_config.json', config))).toEqual({
      'mlbom:model:tokenizer': 'PreTrainedTokenizerFast',
      'mlbom:model:chat-template-sha256': [sha256('a'), `tools=${sha256('b')}`],
    });
    expect(valuesOf(await read('chat_template.jinja', 'a'))).toEqual({
      'mlbom:model:chat-template-sha256': sha256('a'),
    });
    expect(valuesOf(await read('chat_template.json', { chat_template: 'a' }))).toEqual({
      'mlbom:model:chat-template-sha256': sha256('a'),
    });
    expect(valuesOf(await read('tokenizer.json', { model: { type: 'BPE', vocab: { a: 0, b: 1 } } }))).toEqual(
      {
        'mlbom:model:vocabulary-size': '2',
        'mlbom:model:tokenizer': 'BPE',
      },
    );
    expect(
      valuesOf(await read('tokenizer.json', { model: { type: 'Unigram', vocab: [['a', 0]] } })),
    ).toMatchObject({
      'mlbom:model:vocabulary-size': '1',
    });
  });

  it("makes nothing of another tool's config.json", async () => {
    const { facts, problems } = await transformers.collect(memoryEntry('config.json', '{"port": 8080}'));
    expect([facts, problems]).toEqual([[], []]);
  });
});

describe('peft', () => {
  it('reads what an adapter is and what it needs', async () => {
    const config = {
      base_model_name_or_path: 'example/base',
      revision: 'main',
      peft_type: 'LORA',
      r: 8,
      target_modules: ['v_proj', 'q_proj'],
    };
    const fact = await factOf(peft, 'a/adapter_config.json', JSON.stringify(config));
    expect(valuesOf(fact)).toEqual({
      'mlbom:model:adapter': 'LORA',
      'mlbom:model:adapter-rank': '8',
      'mlbom:model:adapter-targets': 'q_proj,v_proj',
    });
    expect(fact.relations).toMatchObject([
      {
        type: 'base-model',
        how: 'adapter',
        to: { name: 'example/base', version: 'main', purl: 'pkg:huggingface/example/base' },
      },
    ]);
  });

  it('does not tell the path of a base on a disk', async () => {
    const config = { base_model_name_or_path: '/home/alice/base' };
    const fact = await factOf(peft, 'adapter_config.json', JSON.stringify(config));
    expect(fact.relations).toMatchObject([{ to: { name: 'base' } }]);
    expect(JSON.stringify(fact)).not.toContain('alice');
  });
});
