import { describe, expect, it } from 'vitest';
import { aiCategories, aiPackageNames } from '../../src/core/ai-package-names.ts';
import { aiCategory, words, type Ecosystem } from '../../src/core/ai-packages.ts';
import { hubLibraries } from '../../src/core/hub-libraries.ts';

describe('aiCategory', () => {
  it.each<[Ecosystem, string, string, boolean]>([
    ['pypi', 'torch', 'training', true],
    ['pypi', 'PyTorch_Lightning', 'training', true],
    ['pypi', 'vllm', 'serving', true],
    ['pypi', 'nvidia_cudnn_cu12', 'accelerator-runtime', false],
    ['pypi', 'nvidia-nccl-cu13', 'accelerator-runtime', false],
    ['pypi', 'cupy-cuda12x', 'accelerator-runtime', false],
    ['pypi', 'bitsandbytes', 'quantisation', true],
    ['pypi', 'gliner', 'inference', false],
    ['npm', '@huggingface/transformers', 'inference', true],
    ['npm', 'langchain', 'agent', true],
    ['conda', 'pytorch', 'training', true],
    ['conda', 'transformers', 'training', true],
    ['conda', 'cuda-nvcc', 'accelerator-runtime', false],
    ['deb', 'libcudnn9-cuda-12', 'accelerator-runtime', false],
    ['deb', 'libnvinfer10', 'inference', false],
    ['deb', 'python3-torch', 'training', true],
    ['apk', 'py3-scikit-learn', 'training', true],
    ['rpm', 'cuda-cudart-12-4', 'accelerator-runtime', false],
  ])('knows %s %s', (ecosystem, name, category, head) => {
    expect(aiCategory(ecosystem, name)).toEqual({ category, head });
  });

  it.each<[Ecosystem, string]>([
    ['pypi', 'requests'],
    ['pypi', 'nvidia'],
    ['npm', 'torch'],
    ['npm', '__proto__'],
    ['pypi', 'constructor'],
    ['deb', 'libc6'],
    ['deb', 'torch'],
  ])('knows nothing of %s %s', (ecosystem, name) => {
    expect(aiCategory(ecosystem, name)).toBeUndefined();
  });

  it('has every name of its own tables once, in the form in which it is asked for', () => {
    for (const [ecosystem, byCategory] of Object.entries(aiPackageNames)) {
      const names = Object.values(byCategory).flatMap(({ heads = '', others = '' }) =>
        words(`${heads} ${others}`),
      );
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
      for (const name of names) expect(name, ecosystem).toMatch(/^(?:@[a-z0-9-]+\/)?[a-z0-9][a-z0-9.-]*$/);
      expect(Object.keys(aiCategories)).toEqual(expect.arrayContaining(Object.keys(byCategory)));
    }
    for (const name of Object.values(hubLibraries.pypi)) expect(aiCategory('pypi', name)).toBeDefined();
  });
});
