import type { Files } from '../../fixtures/model-directory.ts';
import { tensor, writeTorchLegacy, writeTorchTar, writeTorchZip } from '../../fixtures/torch-writer.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

const code = 'def forward(self, x: Tensor) -> Tensor:\n  return torch.add(x, 1)\n';
const reaching = 'def forward(self, x):\n  return ops.torchvision.nms(torch.from_file("/etc/passwd"), x)\n';

export const files: Files = {
  'pytorch/model.pt': writeTorchZip({ value: { weight: tensor() } }),
  'pytorch/script.pt': writeTorchZip({
    value: { weight: tensor() },
    members: [{ name: 'code/__torch__.py', content: code }],
  }),
  'pytorch/reaching.pt': writeTorchZip({
    value: { weight: tensor() },
    members: [{ name: 'code/__torch__.py', content: reaching }],
  }),
  'pytorch/native.pt2': writeZip([
    { name: 'net/archive_format', content: 'pt2' },
    { name: 'net/data/aotinductor/model/cabc.wrapper.so', content: '\x7fELF' },
  ]),
  'pytorch/outside.pt': writeTorchZip({ value: { weight: tensor({ offset: 1, elements: 4 }) } }),
  'pytorch/legacy.bin': writeTorchLegacy({ weight: tensor() }, { 0: [Buffer.alloc(16), 4] }),
  'pytorch/old.pt': writeTorchTar({ 1: [4000] }),
  'pytorch/pytorch_model.bin.index.json':
    '{"metadata": {}, "weight_map": {"w": "pytorch_model-00001-of-00001.bin"}}',
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'pytorch/native.pt2': ['MLB-PT-001'],
  'pytorch/script.pt': ['MLB-PT-002'],
  'pytorch/reaching.pt': ['MLB-PT-002', 'MLB-PT-003', 'MLB-PT-004'],
  'pytorch/outside.pt': ['MLB-PT-005'],
};
