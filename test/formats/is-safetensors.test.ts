import { expect, it } from 'vitest';
import { isSafetensors } from '../../src/formats/is-safetensors.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';

/** A header that a loader would accept the length of, and that is none. */
const notSafetensors = {
  text: Buffer.from('01234567{"not safetensors"}'),
  'a length and a brace': new ByteWriter().int(40, 8).text('{a').bytes(new Uint8Array(60)).toBytes(),
  'a length of nothing': new ByteWriter().int(1, 8).text('{}').toBytes(),
  'a length beyond the file': new ByteWriter().int(400, 8).text('{"a":1}').toBytes(),
  'a length beyond loaders': new ByteWriter().int(100_000_001, 8).text('{"a":1}').toBytes(),
  nothing: new Uint8Array(),
};

it('knows safetensors by their first bytes', () => {
  for (const tensors of [[], [{ name: 'w', dtype: 'F32', shape: [2] }]]) {
    const bytes = writeSafetensors({ tensors });
    expect(isSafetensors(bytes, { size: bytes.length })).toBe(true);
  }
});

it.each(Object.entries(notSafetensors))('does not take %s for one', (_what, content) => {
  expect(isSafetensors(content, { size: content.length })).toBe(false);
});
