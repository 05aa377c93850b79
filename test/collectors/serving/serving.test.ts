import { describe, expect, it } from 'vitest';
import { serving } from '../../../src/collectors/serving/index.ts';
import type { Fact } from '../../../src/core/fact.ts';
import { memberEntry } from '../../../src/core/member-entry.ts';
import { refMaker } from '../../../src/inventory/refs.ts';
import { thingsOf } from '../../../src/inventory/things.ts';
import { writeElf, writeGoBuildInfo } from '../../fixtures/elf-writer.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { valuesOf } from '../collected.ts';
import { config, manifest, ollama } from './example.ts';

async function collect(path: string, content: Uint8Array | string): Promise<[Fact, Fact]> {
  const { facts } = await serving.collect(memoryEntry(path, content));
  return facts as [Fact, Fact];
}

describe('serving', () => {
  it("reads Triton's version", async () => {
    const [fact] = await collect('opt/tritonserver/TRITON_VERSION', '2.48.0\n');
    expect(fact).toMatchObject({ type: 'application', about: { path: 'opt/tritonserver' } });
    expect(valuesOf(fact)).toMatchObject({
      name: 'tritonserver',
      version: '2.48.0',
      'mlbom:ai:category': 'serving',
    });
  });

  it('reads how Triton serves a model, without its parameters', async () => {
    const [component, file] = await collect('models/ranker/config.pbtxt', config);
    expect(component).toMatchObject({
      type: 'application',
      about: { key: 'serving:models/ranker', path: 'models/ranker' },
    });
    expect(valuesOf(component).name).toBe('ranker');
    expect(valuesOf(file)['mlbom:file:header']).toEqual([
      'backend=onnxruntime',
      'max_batch_size=8',
      'input=ids TYPE_INT64 [-1,8]',
      'output=score TYPE_FP32 [1]',
      'instance_group=2 KIND_GPU 0,1',
    ]);
  });

  it('names the models of an ensemble, and refuses other messages', async () => {
    const ensemble =
      'platform: "ensemble" ensemble_scheduling { step [ { model_name: "a" }, { model_name: "b" } ] }';
    const [component, file] = await collect('repo/both/config.pbtxt', ensemble);
    expect(valuesOf(component).name).toBe('both');
    expect(valuesOf(file)['mlbom:file:header']).toEqual([
      'backend=ensemble',
      'ensemble_step=a',
      'ensemble_step=b',
    ]);
    expect(await refusal(serving.collect(memoryEntry('config.pbtxt', 'model_config_list {}')))).toBe(
      'E_MALFORMED triton-config',
    );
  });

  it('states of a TorchServe archive what its manifest says, without paths of a machine', async () => {
    const archive = memoryEntry('store/classifier.mar', '');
    const member = memberEntry(archive, 'MAR-INF/MANIFEST.json', memoryEntry('', JSON.stringify(manifest)));
    expect(serving.wants(member, Buffer.from('{'))).toBe(true);
    const [component, file] = (await serving.collect(member)).facts as [Fact, Fact];
    expect(component.about).toEqual({
      kind: 'component',
      key: 'serving:store/classifier.mar',
      path: 'store/classifier.mar',
    });
    expect(valuesOf(component)).toMatchObject({ name: 'classifier', version: '1.0' });
    expect(valuesOf(file)['mlbom:file:header']).toEqual([
      'runtime=python',
      'serializedFile=model.pt',
      'handler=image_classifier',
    ]);
  });

  it('reads the version that the linker gave to a Go program', async () => {
    const [component, file] = await collect('usr/bin/ollama', ollama);
    expect(valuesOf(component)).toMatchObject({
      name: 'ollama',
      version: '0.5.7',
      purl: 'pkg:golang/github.com/ollama/ollama@v0.5.7',
    });
    expect(valuesOf(file)['mlbom:file:header']).toEqual([
      'machine=x86_64',
      'go=go1.22.5',
      'vcs.revision=0123abc',
    ]);
  });

  it.each([
    ['ollama', ['mod\tgithub.com/ollama/ollama\tv0.6.1\th1:x='], 'ollama', '0.6.1'],
    ['ollama', ['mod\texample.org/other\tv9.9.9'], 'ollama', undefined],
    ['llama-server', [], 'llama.cpp', undefined],
    ['text-generation-launcher', [], 'text-generation-inference', undefined],
  ])('knows %s with %j', async (name, lines, product, version) => {
    const sections = lines.length === 0 ? {} : { '.go.buildinfo': writeGoBuildInfo('go1.22', lines) };
    const [component] = await collect(`usr/local/bin/${name}`, writeElf({ sections }));
    expect([valuesOf(component).name, valuesOf(component).version]).toEqual([product, version]);
  });

  it("takes Triton's program for a part of the directory that says its version", async () => {
    const [program] = await collect('opt/tritonserver/bin/tritonserver', writeElf({}));
    const [version] = await collect('opt/tritonserver/TRITON_VERSION', '2.48.0\n');
    expect(program.about).toEqual(version.about);
    const { items } = thingsOf({ facts: [program, version], ref: refMaker() });
    expect(items).toHaveLength(1);
    expect(items[0]?.attributes.find(({ name }) => name === 'purl')?.value).toBe(
      'pkg:generic/tritonserver@2.48.0',
    );
  });

  it('does not take a script for a program', () => {
    expect(serving.wants(memoryEntry('bin/ollama', '#!/bin/sh'), Buffer.from('#!/bin/sh'))).toBe(false);
  });
});
