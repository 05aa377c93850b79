import type { Files } from '../../fixtures/model-directory.ts';
import { writeGguf, type GgufEntry, type GgufTensor } from '../../fixtures/gguf-writer.ts';

const four = new Uint8Array(32);

function withTensor(tensor: Partial<GgufTensor>, ...others: GgufTensor[]): Uint8Array {
  return writeGguf({ tensors: [{ name: 'w', type: 'F32', shape: [8], data: four, ...tensor }, ...others] });
}

function withTemplate(template: string): Uint8Array {
  const metadata: GgufEntry[] = [['tokenizer.chat_template', 'string', template]];
  return writeGguf({ metadata, tensors: [{ name: 'w', type: 'F32', shape: [8] }] });
}

export const files: Files = {
  'gguf/sha256-0123': withTemplate('{{ messages }}'),
  'gguf/big-endian': writeGguf({ bigEndian: true, tensors: [{ name: 'w', type: 'I8', shape: [8] }] }),
  'gguf/past-end.gguf': withTensor({ shape: [64] }),
  'gguf/overflow.gguf': withTensor({ shape: [2n ** 32n, 2n ** 32n] }),
  'gguf/count.gguf': writeGguf({ tensorCount: 2n ** 62n }),
  'gguf/twice.gguf': withTensor({}, { name: 'w', type: 'F32', shape: [8] }),
  'gguf/alignment.gguf': writeGguf({ metadata: [['general.alignment', 'uint32', 0]] }),
  'gguf/overlap.gguf': withTensor({}, { name: 'v', type: 'F32', shape: [8], offset: 0 }),
  'gguf/dimensions.gguf': withTensor({ shape: [1, 1, 1, 1, 8] }),
  'gguf/old.gguf': writeGguf({ version: 1 }),
  'gguf/ssti.gguf': withTemplate("{{ ''.__class__ }}"),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'gguf/past-end.gguf': ['MLB-GGF-001'],
  'gguf/overflow.gguf': ['MLB-GGF-002'],
  'gguf/count.gguf': ['MLB-GGF-002'],
  'gguf/twice.gguf': ['MLB-GGF-003'],
  'gguf/alignment.gguf': ['MLB-GGF-004'],
  'gguf/overlap.gguf': ['MLB-GGF-005'],
  'gguf/dimensions.gguf': ['MLB-GGF-006'],
  'gguf/old.gguf': ['MLB-GGF-007'],
  'gguf/ssti.gguf': ['MLB-TPL-001'],
};
