import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  datasetTarget,
  hubDatasetTarget,
  hubModelTarget,
  hubPurl,
  isHubId,
  modelTarget,
} from '../../src/core/hub.ts';
import { webUrl } from '../../src/core/web-url.ts';

const commit = 'a'.repeat(40);

describe('modelTarget', () => {
  it.each([
    ['example/base-1b'],
    ['https://huggingface.co/example/base-1b'],
    ['https://huggingface.co/example/base-1b/'],
    ['https://HF.co/example/base-1b?token=secret'],
    ['http://www.huggingface.co/example/base-1b/tree/main/onnx'],
    [' https://huggingface.co/example/base-1b/resolve/main/config.json '],
  ])('recognises a repository of the Hub in %j', (text) => {
    expect(modelTarget(text)).toEqual({ name: 'example/base-1b', purl: 'pkg:huggingface/example/base-1b' });
  });

  it('puts a commit into the purl, and a branch only beside it', () => {
    expect(modelTarget('example/base', commit)).toEqual({
      name: 'example/base',
      version: commit,
      purl: `pkg:huggingface/example/base@${commit}`,
    });
    expect(modelTarget('example/base', 'main')).toEqual({
      name: 'example/base',
      version: 'main',
      purl: 'pkg:huggingface/example/base',
    });
  });

  it.each([
    ['/home/alice/models/base', 'base'],
    ['C:\\Users\\alice\\base', 'base'],
    ['../base', 'base'],
    ['Llama 3.1 8B', 'Llama 3.1 8B'],
    ['base', 'base'],
    ['models/base.safetensors', 'base.safetensors'],
    ['s3://bucket/models/base?X-Amz-Signature=abc', 'base'],
    ['///', 'unnamed'],
  ])('keeps of %j no more than its name', (text, name) => {
    expect(modelTarget(text)).toEqual({ name });
  });

  it.each([
    ['https://example.org/models/base?token=secret#top', 'https://example.org/models/base'],
    ['https://alice:p@ss@example.org/base', 'https://example.org/base'],
    ['https://huggingface.co/datasets/example', 'https://huggingface.co/datasets/example'],
  ])('keeps the address %j without what may be secret', (text, url) => {
    expect(modelTarget(text)).toMatchObject({ url });
    expect(modelTarget(text)).not.toHaveProperty('purl');
  });

  it('gives a name, and an address only where it is a legal one, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, revision) => {
        for (const target of [modelTarget(text, revision), hubModelTarget(text), datasetTarget(text)]) {
          expect(target.name).not.toBe('');
          expect(target.name.isWellFormed()).toBe(true);
          if (target.url !== undefined) expect(webUrl(target.url)).toBe(target.url);
        }
      }),
    );
  });
});

describe('names on the Hub', () => {
  it('read a bare name of a card as the id that it is there', () => {
    expect(hubModelTarget('gpt2')).toEqual({ name: 'gpt2', purl: 'pkg:huggingface/gpt2' });
    expect(hubDatasetTarget('squad')).toEqual({
      name: 'squad',
      url: 'https://huggingface.co/datasets/squad',
    });
    expect(datasetTarget('squad')).toEqual({ name: 'squad' });
  });

  it('read the address of a dataset', () => {
    expect(datasetTarget('https://huggingface.co/datasets/example/tickets/viewer')).not.toHaveProperty(
      'purl',
    );
    expect(datasetTarget('https://huggingface.co/datasets/example/tickets/tree/main')).toEqual({
      name: 'example/tickets',
      url: 'https://huggingface.co/datasets/example/tickets',
    });
  });

  it.each(['a/b/c', 'a--b/c', 'a/../b', '.a', 'a b', '', `a/${'b'.repeat(97)}`])(
    'refuse %j as an id',
    (id) => {
      expect(isHubId(id)).toBe(false);
    },
  );

  it('write a path within a repository into the purl', () => {
    expect(hubPurl('example/base', commit, 'gguf/base-Q4 K.gguf')).toBe(
      `pkg:huggingface/example/base@${commit}#gguf/base-Q4%20K.gguf`,
    );
  });
});

describe('webUrl', () => {
  it.each([
    'ftp://example.org',
    'javascript:alert(1)',
    'https://exa mple.org',
    'https://example.org/<b>',
    'https://example.org/%zz',
    'https://',
    'https://[',
    '',
  ])('refuses %j', (text) => {
    expect(webUrl(text)).toBeUndefined();
  });
});
