import type { Probe } from '../../formats/elf/probe-section.ts';

/** What a library belongs to. */
export interface Product {
  readonly name: string;
  readonly category: 'accelerator-runtime' | 'inference';
  /** Belongs to the driver of the machine, not to what runs on it. */
  readonly isDriver?: true;
  /** A text in it that tells its version. */
  readonly probe?: Probe;
}

const cudaTools: Probe = {
  literal: 'Cuda compilation tools, release ',
  pattern: /Cuda compilation tools, release [\d.]{1,16}, V(\d+\.\d+\.\d+)/,
};

function runtime(name: string, probe?: Probe): Product {
  return { name, category: 'accelerator-runtime', ...(probe ? { probe } : {}) };
}

/** By the name of the library between `lib` and `.so`. */
const exact: Readonly<Record<string, Product>> = {
  MIOpen: runtime('miopen'),
  Synapse: runtime('synapse'),
  SynapseAI: runtime('synapse'),
  amd_comgr: runtime('comgr'),
  amdhip64: runtime('hip'),
  ascendcl: runtime('cann'),
  cublas: runtime('cublas'),
  cublasLt: runtime('cublas'),
  cuda: { name: 'nvidia-driver', category: 'accelerator-runtime', isDriver: true },
  cudart: runtime('cudart'),
  cufft: runtime('cufft'),
  cufftw: runtime('cufft'),
  cufile: runtime('cufile'),
  cupti: runtime('cupti'),
  curand: runtime('curand'),
  cusolver: runtime('cusolver'),
  cusolverMg: runtime('cusolver'),
  cusparse: runtime('cusparse'),
  cusparseLt: runtime('cusparselt'),
  dnnl: runtime('onednn'),
  hcl: runtime('hcl'),
  hipblas: runtime('hipblas'),
  hipblaslt: runtime('hipblaslt'),
  hipfft: runtime('hipfft'),
  hiprtc: runtime('hip'),
  hipsolver: runtime('hipsolver'),
  hipsparse: runtime('hipsparse'),
  hipsparselt: runtime('hipsparselt'),
  hl_logger: runtime('synapse'),
  'hsa-runtime64': runtime('hsa-runtime'),
  llama: { name: 'llama.cpp', category: 'inference' },
  mkl_rt: runtime('mkl'),
  nccl: runtime('nccl', { literal: 'NCCL version ', pattern: /NCCL version (\d+\.\d+\.\d+)/ }),
  'nccl-net': runtime('nccl-net'),
  nccom: runtime('neuron-collectives'),
  neuronxla: runtime('neuronxla'),
  nrt: runtime('neuron-runtime'),
  nvJitLink: runtime('nvjitlink', cudaTools),
  nvrtc: runtime('nvrtc', cudaTools),
  nvToolsExt: runtime('nvtx'),
  nvshmem_host: runtime('nvshmem'),
  'nvidia-ml': { name: 'nvidia-driver', category: 'accelerator-runtime', isDriver: true },
  onnxruntime: { name: 'onnxruntime', category: 'inference' },
  openvino: {
    name: 'openvino',
    category: 'inference',
    probe: { literal: '-releases/', pattern: /(20\d\d\.\d+\.\d+)-\d+-[0-9a-f]{7,40}-releases\// },
  },
  rccl: runtime('rccl'),
  rocblas: runtime('rocblas'),
  rocfft: runtime('rocfft'),
  rocrand: runtime('rocrand'),
  rocsolver: runtime('rocsolver'),
  rocsparse: runtime('rocsparse'),
  tpu: runtime('libtpu'),
  ze_loader: runtime('level-zero'),
};

/** What Triton Inference Server loads models with: `backends/<name>/libtriton_<name>.so`. */
const backends =
  'dali fil identity onnxruntime openvino python pytorch square tensorflow tensorrt tensorrtllm'.split(' ');

/** Libraries that are cut into many: `cudnn_ops`, `nvinfer_plugin`, `ggml-cpu`. */
const families: readonly (readonly [RegExp, Product])[] = [
  [/^cudnn(?:_\w+)?$/, runtime('cudnn')],
  [/^nvinfer(?:_\w+)?$/, runtime('tensorrt')],
  [/^ggml(?:-[\w.-]+)?$/, { name: 'ggml', category: 'inference' }],
  [/^npp[a-z]{1,8}$/, runtime('npp')],
  ...backends.map((name): readonly [RegExp, Product] => [
    new RegExp(`^triton_${name}$`),
    { name: `triton-${name}-backend`, category: 'inference' },
  ]),
];

/** What the name of a library file says. */
export interface LibraryName {
  readonly stem: string;
  readonly product: Product;
  /** `12.4.127` of `libcudart.so.12.4.127` */
  readonly version?: string;
}

/** A library of this list by its file name; wheels may have a digest in it: `libcudart-1a2b3c4d.so.12`. */
export function libraryName(file: string): LibraryName | undefined {
  if (!/^lib(?:tpu\.so$|[\w.-]+\.so(?:\.|$))/.test(file)) return undefined;
  const at = file.indexOf('.so');
  const written = file.slice(3, at);
  const rest = file.slice(at + 3);
  const version = /^\.(\d+(?:\.\d+){0,4})$/.exec(rest)?.[1];
  if (rest !== '' && version === undefined) return undefined;
  const stem = productOf(written) ? written : written.replace(/-[0-9a-f]{6,16}$/, '');
  const product = productOf(stem);
  return product && { stem, product, ...(version === undefined ? {} : { version }) };
}

function productOf(stem: string): Product | undefined {
  return Object.hasOwn(exact, stem) ? exact[stem] : families.find(([pattern]) => pattern.test(stem))?.[1];
}
