import { fileCollectors } from '../collectors/registry.ts';
import type { FindingRule } from '../core/finding.ts';
import { compareCodePoints } from '../core/order.ts';
import { fileListRules } from '../inventory/file-lists.ts';

/** Every rule about dangerous content, once, by its id. `docs/findings.md` is generated from this list. */
export const findingRules: readonly FindingRule[] = [
  ...new Map(
    [...fileCollectors.flatMap(({ rules = [] }) => rules), ...fileListRules].map((rule) => [rule.id, rule]),
  ).values(),
].sort((a, b) => compareCodePoints(a.id, b.id));

/** What the middle of a rule's id stands for. */
export const findingAreas: Readonly<Record<string, string>> = {
  ARC: 'Archives and compression',
  COD: 'Code that travels along',
  COR: 'Core ML',
  DAT: 'Datasets',
  FMT: 'Content against name',
  GGF: 'GGUF',
  HYD: 'Hydra and NeMo configurations',
  KER: 'Keras and HDF5',
  LLF: 'llamafile',
  LST: 'Descriptions of files',
  NAT: 'Native libraries',
  NPY: 'NumPy arrays',
  ONX: 'ONNX',
  OVN: 'OpenVINO',
  PKG: 'Installed packages',
  PKL: 'Pickle',
  PT: 'PyTorch',
  SFT: 'safetensors',
  SKO: 'skops',
  TAR: 'tar',
  TFL: 'TensorFlow, TensorFlow Lite and ExecuTorch',
  TPL: 'Chat templates',
  ZIP: 'zip',
};
