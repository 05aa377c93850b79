import { expect, it } from 'vitest';
import { isGguf } from '../../src/formats/is-gguf.ts';
import { writeGguf } from '../fixtures/gguf-writer.ts';

it.each([{}, { version: 1 }, { version: 99 }, { bigEndian: true }])('knows GGUF with %j', (options) => {
  expect(isGguf(writeGguf(options))).toBe(true);
});

it.each(['GGUF is a format', 'GGUF', 'GGUF\0\0\0\0', 'GGML\x03\0\0\0', ''])(
  'does not take %j for one',
  (text) => {
    expect(isGguf(Buffer.from(text, 'latin1'))).toBe(false);
  },
);
