import { expect, it } from 'vitest';
import { isSafetensors } from '../../../src/collectors/safetensors/is-safetensors.ts';
import { writeSafetensors } from '../../fixtures/safetensors-writer.ts';
import { notSafetensors } from './example.ts';

it('knows safetensors by their first bytes', () => {
  for (const tensors of [[], [{ name: 'w', dtype: 'F32', shape: [2] }]]) {
    const bytes = writeSafetensors({ tensors });
    expect(isSafetensors(bytes, { size: bytes.length })).toBe(true);
  }
});

it.each(Object.entries(notSafetensors))('does not take %s for one', (_what, content) => {
  const bytes = Buffer.from(content as Uint8Array);
  expect(isSafetensors(bytes, { size: bytes.length })).toBe(false);
});
