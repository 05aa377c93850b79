import { describe, expect, it } from 'vitest';
import { travellingCode } from '../../../src/collectors/travelling-code/index.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { elf } from './example.ts';

function isWanted(path: string, content: Uint8Array | string): boolean {
  return travellingCode.wants(
    memoryEntry(path, content),
    Buffer.from(content as Uint8Array).subarray(0, limits.headBytes),
  );
}

function bytesWith(at: readonly (readonly [offset: number, ...bytes: number[]])[]): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [offset, ...values] of at) bytes.set(values, offset);
  return bytes;
}

describe('travelling code', () => {
  it.each([
    'modeling_example.py',
    'a/configuration_example.py',
    'a/tokenization_example.py',
    'pipeline.py',
    'custom_generate/generate.py',
    'handler.py',
    'code/inference.py',
    'repository/example/1/model.py',
  ])('looks at %s', (path) => {
    expect(isWanted(path, 'x = 1\n')).toBe(true);
  });

  it.each([
    'train.py',
    'model.py',
    'inference.py',
    'generate.py',
    'setup.py',
    'env/lib/python3.11/site-packages/example/modeling_example.py',
    'src/transformers/models/example/modeling_example.py',
  ])('does not look at %s', (path) => {
    expect(isWanted(path, 'x = 1\n')).toBe(false);
  });

  it('does not look at an empty file', () => {
    expect(isWanted('modeling_example.py', '')).toBe(false);
  });

  it.each([
    ['ELF', elf()],
    ['Mach-O', bytesWith([[0, 0xcf, 0xfa, 0xed, 0xfe]])],
    ['Mach-O', bytesWith([[0, 0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]])],
    [
      'PE',
      bytesWith([
        [0, 0x4d, 0x5a],
        [0x3c, 0x80],
        [0x80, 0x50, 0x45, 0, 0],
      ]),
    ],
  ])('knows %s by its content', async (format, bytes) => {
    expect(isWanted('weights.bin', bytes)).toBe(true);
    const { findings } = await travellingCode.collect(memoryEntry('weights.bin', bytes));
    expect(findings).toMatchObject([{ rule: 'MLB-COD-007', message: `native code (${format})` }]);
  });

  it.each([
    ['a Java class', bytesWith([[0, 0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61]])],
    ['a DOS program', bytesWith([[0, 0x4d, 0x5a]])],
    [
      'a PE whose header would lie elsewhere',
      bytesWith([
        [0, 0x4d, 0x5a],
        [0x3c, 0xff, 0xff, 0xff, 0xff],
      ]),
    ],
    ['a few bytes', elf().subarray(0, 16)],
  ])('does not take %s for native code', (_what, bytes) => {
    expect(isWanted('weights.bin', bytes)).toBe(false);
  });

  it.each([
    'usr/lib/libexample.so',
    'bin/example',
    'env/lib/python3.11/site-packages/a/b.so',
    'a.whl!/a/b.so',
    'node_modules/a/b.node',
  ])('leaves native code where it is at home: %s', (path) => {
    expect(isWanted(path, elf())).toBe(false);
  });
});
