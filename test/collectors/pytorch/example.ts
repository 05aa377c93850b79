import type { Files } from '../../fixtures/model-directory.ts';
import { tensor, writeTorchLegacy, writeTorchTar, writeTorchZip } from '../../fixtures/torch-writer.ts';

const code = 'def forward(self, x: Tensor) -> Tensor:\n  return torch.add(x, 1)\n';

export const files: Files = {
  'pytorch/model.pt': writeTorchZip({ value: { weight: tensor() } }),
  'pytorch/script.pt': writeTorchZip({
    value: { weight: tensor() },
    members: [{ name: 'code/__torch__.py', content: code }],
  }),
  'pytorch/legacy.bin': writeTorchLegacy({ weight: tensor() }, { 0: [Buffer.alloc(16), 4] }),
  'pytorch/old.pt': writeTorchTar({ 1: [4000] }),
  'pytorch/pytorch_model.bin.index.json':
    '{"metadata": {}, "weight_map": {"w": "pytorch_model-00001-of-00001.bin"}}',
};
