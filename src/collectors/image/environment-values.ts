import { isSecretName, plainValue } from './plain-value.ts';

/** Variables that say what software is there, what it needs and what it loads. */
const known = new Set(
  `CONDA_DEFAULT_ENV CUDA_HOME CUDNN_VERSION HF_DATASETS_CACHE HF_HOME HF_HUB_CACHE HF_HUB_OFFLINE HF_MODEL_ID HF_TASK
  HIP_VISIBLE_DEVICES HSA_OVERRIDE_GFX_VERSION HUGGINGFACE_HUB_CACHE LD_LIBRARY_PATH LD_PRELOAD MODEL_ID MODEL_NAME
  NEURON_RT_NUM_CORES NVIDIA_BUILD_ID NVIDIA_DRIVER_CAPABILITIES NVIDIA_PRODUCT_NAME NVIDIA_REQUIRE_CUDA
  NVIDIA_VISIBLE_DEVICES OPENMPI_VERSION PYTHONPATH PYTHON_VERSION PYTORCH_ROCM_ARCH QUANTIZE REVISION ROCM_PATH
  TENSORRT_VERSION TORCH_CUDA_ARCH_LIST TRANSFORMERS_CACHE TRANSFORMERS_OFFLINE TRT_VERSION VIRTUAL_ENV
  USE_TRITON_KERNEL`.split(/\s+/),
);
/** Whole families of settings, secrets among them by their names. */
const families = /^(?:VLLM|SAGEMAKER|SGLANG|OLLAMA|TRITON|NCCL|NV|CUDA|ROCM)_[A-Z0-9_]{1,64}$/;
/** `PYTORCH_VERSION`, `NVIDIA_TRITON_SERVER_VERSION`: a version is a number wherever it stands. */
const versions = /^[A-Z][A-Z0-9_]{0,63}_VERSION$/;
const versionText = /^v?\d[\w.+-]{0,63}$/;

/** What is said of one variable: `NAME=value`, or the name alone. */
export interface ImageVariable {
  readonly name: string;
  /** Only of names that are known and values that are plain. */
  readonly value?: string;
}

/** The environment of an image, without what may be a secret. What is no assignment is left out. */
export function environmentValues(env: readonly string[]): readonly ImageVariable[] {
  return env.slice(0, most).flatMap((line): ImageVariable[] => {
    const [, name, text = ''] = /^([A-Za-z_][A-Za-z0-9_]{0,127})=(.*)$/s.exec(line) ?? [];
    if (name === undefined) return [];
    const value = isShown(name, text) ? plainValue(text) : undefined;
    return [value === undefined ? { name } : { name, value }];
  });
}

/** Variables of one image; those of the largest have about a hundred. */
const most = 1000;

function isShown(name: string, text: string): boolean {
  if (isSecretName(name)) return false;
  return known.has(name) || families.test(name) || (versions.test(name) && versionText.test(text));
}
