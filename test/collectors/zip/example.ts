import type { Files } from '../../fixtures/model-directory.ts';
import { writeGguf } from '../../fixtures/gguf-writer.ts';
import { writeOnnx } from '../../fixtures/onnx-writer.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

const content = 'abc';
const onnx = writeOnnx({ producerName: 'pytorch', graph: { nodes: [{ operator: 'MatMul' }] } });

export const files: Files = {
  'archives/notes.zip': writeZip([
    { name: 'notes/', content: '' },
    { name: 'notes/stored.txt', content: 'stored' },
    { name: 'notes/deflated.txt', content: 'deflated '.repeat(20), deflate: true },
  ]),
  'zip/link-inside.zip': writeZip([{ name: 'd/e/a', content: '../b', mode: 0o120777 }]),
  'zip/two-names.zip': writeZip([{ name: 'a', localName: 'b' }]),
  'zip/encrypted.zip': writeZip([{ name: 'a', content, flags: 1 }]),
  'zip/crc.zip': writeZip([{ name: 'a', content, crc: 1 }]),
  'zip/size.zip': writeZip([{ name: 'a', content, deflate: true, size: 4 }]),
  'zip/overlap.zip': writeZip([
    { name: 'a', content },
    { name: 'b', content, at: 0 },
  ]),
  'zip/bomb.zip': writeZip([{ name: 'a', content, deflate: true, size: 2 ** 24 }]),
  'zip/leads-out.zip': writeZip([{ name: '/a' }]),
  'zip/link-leads-out.zip': writeZip([{ name: 'd/a', content: '../../b', mode: 0o120777 }]),
  'zip/one-name.zip': writeZip([{ name: 'a' }, { name: 'a' }]),
  'zip/not-listed.zip': writeZip([{ name: 'a', content, unlisted: true }, { name: 'b' }]),
  'zip/headers-differ.zip': writeZip([{ name: 'a', content, localSize: 7 }]),
  'zip/bytes-after.zip': writeZip([{ name: 'a' }], { suffix: 'tail' }),
  'zip/method.zip': writeZip([{ name: 'a', content, method: 93 }]),
  'zip/behind-gguf.bin': writeZip([{ name: 'a', content }], { prefix: writeGguf({}) }),
  'zip/behind-onnx.bin': writeZip([{ name: 'a', content }], { prefix: onnx }),
};

/** What begins as something else is a zip by its end alone. */
export const readsCuts = ['zip/behind-gguf.bin', 'zip/behind-onnx.bin'];

export const findings: Readonly<Record<string, readonly string[]>> = {
  'zip/two-names.zip': ['MLB-ZIP-001'],
  'zip/encrypted.zip': ['MLB-ZIP-002'],
  'zip/crc.zip': ['MLB-ZIP-003'],
  'zip/size.zip': ['MLB-ZIP-003'],
  'zip/overlap.zip': ['MLB-ZIP-001', 'MLB-ZIP-004'],
  'zip/bomb.zip': ['MLB-ZIP-005'],
  'zip/leads-out.zip': ['MLB-ZIP-006'],
  'zip/link-leads-out.zip': ['MLB-ZIP-006'],
  'zip/one-name.zip': ['MLB-ZIP-007'],
  'zip/not-listed.zip': ['MLB-ZIP-008'],
  'zip/headers-differ.zip': ['MLB-ZIP-009'],
  'zip/bytes-after.zip': ['MLB-ZIP-010'],
  'zip/method.zip': ['MLB-ZIP-011'],
  'zip/behind-gguf.bin': ['MLB-ZIP-010', 'MLB-ZIP-013'],
  'zip/behind-onnx.bin': ['MLB-ZIP-010', 'MLB-ZIP-013'],
};
