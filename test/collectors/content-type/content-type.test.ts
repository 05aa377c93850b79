import { describe, expect, it } from 'vitest';
import { contentType } from '../../../src/collectors/content-type/index.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { writeOnnx } from '../../fixtures/onnx-writer.ts';
import { writeSafetensors } from '../../fixtures/safetensors-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

const pickle = '\x80\x04]\x94.';
const elf = `\x7fELF\x02\x01\x01${'\0'.repeat(9)}`;
const pe = `MZ${'\0'.repeat(58)}\x40\0\0\0PE\0\0`;
const sevenZip = '7z\xbc\xaf\x27\x1c';
const zip = writeZip([{ name: 'a' }]);
const onnx = writeOnnx({ graph: { nodes: [{ operator: 'MatMul' }] } });
const safetensors = writeSafetensors({ tensors: [{ name: 'w', dtype: 'F32', shape: [1] }] });

async function ruleOf(path: string, content: string | Uint8Array): Promise<string | undefined> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const entry = memoryEntry(path, bytes);
  if (!contentType.wants(entry, bytes.subarray(0, 4096))) return undefined;
  return (await contentType.collect(entry)).findings[0]?.rule;
}

describe('content-type', () => {
  it.each<[string, string | Uint8Array]>([
    ['model.safetensors', pickle],
    ['model.safetensors', 'not a header'],
    ['model.gguf', zip],
    ['model.onnx', pickle],
    ['array.npy', pickle],
    ['model.pt', sevenZip],
    ['pytorch_model.bin', sevenZip],
    ['model.pkl', safetensors],
    ['model.pt', onnx],
    ['config.json', pickle],
    ['README.md', zip],
  ])('finds that %s is something else', async (path, content) => {
    expect(await ruleOf(path, content)).toBe('MLB-FMT-001');
  });

  it.each<[string, string]>([
    ['model.safetensors', elf],
    ['pytorch_model.bin', elf],
    ['model.onnx', pe],
    ['weights.h5', '\xcf\xfa\xed\xfe'.padEnd(40, '\0')],
    ['model.pt', '#!/bin/sh\nexit 1\n'],
    ['labels.txt', elf],
  ])('finds a program that is called %s', async (path, content) => {
    expect(await ruleOf(path, content)).toBe('MLB-FMT-002');
  });

  it.each<[string, string | Uint8Array]>([
    ['model.safetensors', safetensors],
    ['model.safetensors', ''],
    ['model.safetensors', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n'],
    ['model.onnx', onnx],
    ['model.onnx', 'only the weak form'],
    ['model.bin', onnx],
    ['model.pt', zip],
    ['model.pt', pickle],
    ['model.pt', writeTar([{ name: 'pickle' }])],
    ['model.bin', '\0\x01\x02'],
    ['model.pkl', '\x1f\x8b\x08'],
    ['weights.h5', `${'user block'.padEnd(512)}\x89HDF\r\n\x1a\n`],
    ['model.ckpt', '\x89HDF\r\n\x1a\n'],
    ['run.txt', '#!/bin/sh\nexit 1\n'],
    ['vocab.txt', 'PK\x03\x05'],
    ['lib/python3.12/site-packages/distutils-precedence.pth', '#!/usr/bin/x\n'],
    ['lib/python3.12/site-packages/triton/tool.bin', elf],
    ['lib/python3.12/site-packages/h5py/tests/broken.h5', 'broken'],
    ['any.dat', elf],
    ['module.so', elf],
  ])('finds nothing wrong with %s', async (path, content) => {
    expect(await ruleOf(path, content)).toBeUndefined();
  });
});
