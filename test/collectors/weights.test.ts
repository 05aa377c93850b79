import { describe, expect, it } from 'vitest';
import { gguf } from '../../src/collectors/gguf/index.ts';
import { onnx } from '../../src/collectors/onnx/index.ts';
import { safetensors } from '../../src/collectors/safetensors/index.ts';
import { sha256 } from '../../src/core/digest.ts';
import { limits } from '../../src/core/limits.ts';
import { writeGguf } from '../fixtures/gguf-writer.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { writeOnnx, type OnnxTensorOptions } from '../fixtures/onnx-writer.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';
import { factOf, valuesOf, withoutEvidence } from './collected.ts';

describe('safetensors', () => {
  const tensors = [{ name: 'w', dtype: 'F32', shape: [2, 2] }];

  it("reads Stability's and kohya's metadata", async () => {
    const metadata = {
      format: 'pt',
      'modelspec.title': 'Watercolour',
      'modelspec.author': 'Example',
      'modelspec.license': 'CC-BY-4.0',
      'modelspec.architecture': 'stable-diffusion-xl-v1-base/lora',
      'modelspec.sai_model_spec': '1.0.0',
      'modelspec.thumbnail': 'data:image/png;base64,AAAA',
      ss_sd_model_name: '/home/alice/models/sdxl_base.safetensors',
      ss_network_module: 'networks.lora',
      ss_network_dim: '16',
      ss_tag_frequency: '{"a": 1}',
      sshs_model_hash: 'abc',
    };
    const fact = await factOf(safetensors, 'lora.safetensors', writeSafetensors({ tensors, metadata }));
    expect(valuesOf(fact)).toMatchObject({
      name: 'Watercolour',
      authors: [{ name: 'Example' }],
      license: { license: 'CC-BY-4.0' },
      modelArchitecture: 'stable-diffusion-xl-v1-base/lora',
      'mlbom:model:library': 'pytorch',
      'mlbom:model:format': 'safetensors',
      'mlbom:model:provenance': [
        'modelspec.sai_model_spec=1.0.0',
        'ss_network_module=networks.lora',
        'ss_network_dim=16',
        'sshs_model_hash=abc',
      ],
    });
    expect(fact.relations).toMatchObject([
      { type: 'base-model', how: 'adapter', to: { name: 'sdxl_base.safetensors' } },
    ]);
    expect(JSON.stringify(fact)).not.toContain('alice');
  });

  it('takes the names of inherited members in metadata for what they are', async () => {
    for (const format of ['__proto__', 'constructor', 'toString']) {
      const fact = await factOf(
        safetensors,
        'a.safetensors',
        writeSafetensors({ tensors, metadata: { format } }),
      );
      expect(valuesOf(fact)).not.toHaveProperty(['mlbom:model:library']);
    }
  });

  it('bounds what it keeps of a text', async () => {
    const metadata = { 'modelspec.description': '🦙'.repeat(limits.attributeText) };
    const fact = await factOf(safetensors, 'a.safetensors', writeSafetensors({ tensors, metadata }));
    const description = String(valuesOf(fact).description);
    expect(description.length).toBeLessThanOrEqual(limits.attributeText);
    expect(description.isWellFormed()).toBe(true);
    expect(description).toMatch(/…$/);
  });

  it('numbers shards, and lists what an index expects of each', async () => {
    const shard = await factOf(safetensors, 'a/m-00002-of-00003.safetensors', writeSafetensors({ tensors }));
    expect(shard.about).toMatchObject({ part: { set: 'a/m.safetensors/00003', number: 2, count: 3 } });
    const index = JSON.stringify({
      metadata: { total_size: 16, total_parameters: 4 },
      weight_map: {
        w: 'm-00001-of-00002.safetensors',
        v: 'm-00002-of-00002.safetensors',
        u: 'm-00001-of-00002.safetensors',
      },
    });
    const fact = await factOf(safetensors, 'a/m.safetensors.index.json', index);
    expect(fact.about).toEqual({
      kind: 'index',
      tensorBytes: 16,
      path: 'a/m.safetensors.index.json',
      parts: [
        { path: 'a/m-00001-of-00002.safetensors', tensors: ['w', 'u'] },
        { path: 'a/m-00002-of-00002.safetensors', tensors: ['v'] },
      ],
    });
    expect(valuesOf(fact)).toEqual({ 'mlbom:model:parameters': '4' });
  });

  it('reads nothing of an index that leads out of its directory', async () => {
    const index = JSON.stringify({ weight_map: { w: '../other.safetensors' } });
    const entry = memoryEntry('m.safetensors.index.json', index);
    const { facts, problems, findings } = await safetensors.collect(entry);
    expect(facts).toMatchObject([{ about: { kind: 'file', path: 'm.safetensors.index.json' } }]);
    expect(problems).toMatchObject([{ effect: 'incomplete', code: 'safetensors-index-shard-escapes' }]);
    expect(findings).toMatchObject([{ rule: 'MLB-SFT-009' }]);
  });
});

describe('gguf', () => {
  it('reads what the header declares', async () => {
    const template = '{{ messages }}';
    const file = writeGguf({
      metadata: [
        ['general.architecture', 'string', 'qwen2'],
        ['general.name', 'string', 'Support 1B'],
        ['general.version', 'string', 'v1.2'],
        ['general.author', 'string', 'Alice'],
        ['general.organization', 'string', 'Example'],
        ['general.description', 'string', 'Answers questions'],
        ['general.license', 'string', 'other'],
        ['general.license.name', 'string', 'example-license'],
        ['general.license.link', 'string', 'https://example.org/license'],
        ['general.repo_url', 'string', 'https://alice:secret@example.org/repo?token=secret'],
        ['general.file_type', 'uint32', 15],
        ['general.quantized_by', 'string', 'Bob'],
        ['general.source.url', 'string', 'https://example.org/source'],
        ['general.finetune', 'string', 'Instruct'],
        ['general.base_model.count', 'uint32', 1],
        ['general.base_model.0.name', 'string', 'Base 1B'],
        ['general.base_model.0.version', 'string', 'v1'],
        ['general.base_model.0.repo_url', 'string', 'https://huggingface.co/example/base-1b'],
        ['general.dataset.count', 'uint32', 2],
        ['general.dataset.0.name', 'string', 'Tickets'],
        ['general.dataset.0.repo_url', 'string', 'https://huggingface.co/datasets/example/tickets'],
        ['general.dataset.1.name', 'string', 'Questions'],
        ['general.datasets', 'string[]', ['example/web']],
        ['general.tags', 'string[]', ['support']],
        ['general.languages', 'string[]', ['en', 'de']],
        ['qwen2.context_length', 'uint32', 32768],
        ['qwen2.embedding_length', 'uint64', 896],
        ['qwen2.block_count', 'uint32', 24],
        ['tokenizer.ggml.model', 'string', 'gpt2'],
        ['tokenizer.ggml.tokens', 'string[]', ['a', 'b', 'c']],
        ['tokenizer.chat_template', 'string', template],
        ['tokenizer.chat_template.tools', 'string', `${template}!`],
      ],
      tensors: [{ name: 'output.weight', type: 'Q4_K', shape: [256, 2] }],
    });
    const fact = await factOf(gguf, 'support.gguf', file);
    expect(valuesOf(fact)).toEqual({
      name: 'Support 1B',
      version: 'v1.2',
      authors: [{ name: 'Alice' }],
      manufacturer: { name: 'Example' },
      description: 'Answers questions',
      license: { license: 'example-license', url: 'https://example.org/license' },
      references: [{ type: 'vcs', url: 'https://example.org/repo' }],
      tags: ['support'],
      architectureFamily: 'qwen2',
      mimeType: 'application/vnd.gguf',
      'mlbom:model:format': 'gguf',
      'mlbom:model:format-version': '3',
      'mlbom:model:quantization': 'Q4_K_M',
      'mlbom:model:languages': 'en,de',
      'mlbom:model:context-length': '32768',
      'mlbom:model:embedding-length': '896',
      'mlbom:model:layers': '24',
      'mlbom:model:tokenizer': 'gpt2',
      'mlbom:model:vocabulary-size': '3',
      'mlbom:model:chat-template-sha256': [sha256(template), `tools=${sha256(`${template}!`)}`],
      'mlbom:model:provenance': [
        'general.quantized_by=Bob',
        'general.source.url=https://example.org/source',
        'general.finetune=Instruct',
      ],
    });
    expect(withoutEvidence(fact)).toEqual([
      {
        type: 'base-model',
        how: 'finetune',
        to: { name: 'example/base-1b', purl: 'pkg:huggingface/example/base-1b', version: 'v1' },
      },
      {
        type: 'dataset',
        to: { name: 'example/tickets', url: 'https://huggingface.co/datasets/example/tickets' },
      },
      { type: 'dataset', to: { name: 'Questions' } },
      { type: 'dataset', to: { name: 'example/web', url: 'https://huggingface.co/datasets/example/web' } },
    ]);
  });

  it('numbers splits from one, and does not believe a count of base models', async () => {
    const file = writeGguf({
      metadata: [
        ['split.no', 'uint16', 1],
        ['split.count', 'uint16', 2],
        ['general.base_model.count', 'uint32', 2 ** 32 - 1],
        ['general.base_model.0.name', 'string', 'Base'],
      ],
    });
    const fact = await factOf(gguf, 'a/m-00002-of-00002.gguf', file);
    expect(fact.about).toMatchObject({ part: { set: 'a/m.gguf/2', number: 2, count: 2 } });
    expect(fact.relations).toHaveLength(1);
  });
});

describe('onnx', () => {
  it('reads what the model declares and needs', async () => {
    const external = (location: string): OnnxTensorOptions => ({
      name: location,
      dtype: 'FLOAT',
      shape: [2],
      external: [
        ['location', location],
        ['offset', '16'],
        ['length', '8'],
      ],
    });
    const file = writeOnnx({
      producerName: 'pytorch',
      producerVersion: '2.9.0',
      docString: 'Answers questions',
      modelVersion: 3,
      opsets: [
        ['', 21],
        ['com.example', 1],
      ],
      metadata: [
        ['license', 'MIT'],
        ['run', '42'],
      ],
      graph: {
        nodes: [{ operator: 'MatMul' }, { operator: 'Gelu', domain: 'com.example' }],
        initializers: [
          { name: 'w', dtype: 'FLOAT16', shape: [2, 2] },
          external('./data.bin'),
          external('parts//data.bin'),
          external('../secret'),
          external('/etc/passwd'),
        ],
        inputs: [
          { name: 'w', shape: [2, 2] },
          { name: 'x', elemType: 7, shape: ['batch', null, 2] },
        ],
        outputs: [{ name: 'y' }],
      },
    });
    const { facts, problems } = await onnx.collect(memoryEntry('onnx/m.onnx', file));
    const [fact] = facts;
    if (!fact) throw new Error('no fact');
    expect(valuesOf(fact)).toMatchObject({
      description: 'Answers questions',
      license: { license: 'MIT' },
      inputs: ['x: INT64[batch,?,2]'],
      outputs: ['y: FLOAT'],
      'mlbom:model:format': 'onnx',
      'mlbom:model:format-version': 'IR 10',
      'mlbom:model:opsets': 'ai.onnx 21, com.example 1',
      'mlbom:model:custom-operators': 'com.example:Gelu',
      'mlbom:model:producer': 'pytorch 2.9.0',
      'mlbom:model:provenance': ['model_version=3', 'run=42'],
    });
    expect(fact.relations).toMatchObject([
      { type: 'part', path: 'onnx/data.bin', bytes: 24 },
      { type: 'part', path: 'onnx/parts/data.bin', bytes: 24 },
    ]);
    expect(fact.tensors?.tensors).toMatchObject([
      { name: 'w', dtype: 'F16', length: 8 },
      { path: 'onnx/data.bin', offset: 16, length: 8 },
      { path: 'onnx/parts/data.bin' },
      { length: 0 },
      { length: 0 },
    ]);
    expect(problems).toMatchObject([
      { code: 'external-data-escapes', effect: 'contradiction', path: 'onnx/m.onnx' },
    ]);
  });

  it('refuses a model whose data lies in more files than anybody writes', async () => {
    const initializers = Array.from({ length: limits.shards + 1 }, (_, index) => ({
      name: 'w',
      dtype: 'INT8' as const,
      shape: [1],
      external: [['location', `d${index}`]] as const,
    }));
    await expect(
      onnx.collect(memoryEntry('m.onnx', writeOnnx({ graph: { initializers } }))),
    ).rejects.toMatchObject({ code: 'E_LIMIT' });
  });
});
