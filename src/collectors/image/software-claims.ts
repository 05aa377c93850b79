import type { Fact } from '../../core/fact.ts';
import { packagePurl, pypiPurl } from '../../core/package-purl.ts';
import { attributesFrom } from '../attributes.ts';

/** Software that the configuration of an image names with a version, and that its files may show otherwise. */
export interface SoftwareClaim {
  readonly name: string;
  readonly version: string;
  /** `environment CUDA_VERSION` */
  readonly at: string;
}

interface Software {
  readonly name: string;
  readonly type: 'pypi' | 'generic';
  readonly variables: readonly string[];
  readonly labels?: readonly string[];
  /** The packages and libraries that are it, by their names. */
  readonly files: RegExp;
}

/** What images of NVIDIA, AMD and the frameworks' own say, and what of it is installed. */
const table: readonly Software[] = [
  {
    name: 'cuda',
    type: 'generic',
    variables: ['CUDA_VERSION'],
    labels: ['com.nvidia.cuda.version'],
    files:
      /^(?:cuda|cudart|cuda[_-](?:cudart|libraries|toolkit)(?:-\d+-\d+)?|nvidia-cuda-runtime(?:-cu\d+)?)$/,
  },
  {
    name: 'cuda-cudart',
    type: 'generic',
    variables: ['NV_CUDA_CUDART_VERSION'],
    files: /^(?:cudart|cuda[_-]cudart(?:-\d+-\d+)?)$/,
  },
  {
    name: 'cudnn',
    type: 'generic',
    variables: ['NV_CUDNN_VERSION', 'CUDNN_VERSION'],
    labels: ['com.nvidia.cudnn.version'],
    files: /^(?:cudnn|libcudnn\d+(?:-cuda-\d+)?|nvidia-cudnn(?:-cu\d+)?)$/,
  },
  {
    name: 'nccl',
    type: 'generic',
    variables: ['NV_LIBNCCL_PACKAGE_VERSION', 'NCCL_VERSION'],
    files: /^(?:nccl|libnccl2?|nvidia-nccl(?:-cu\d+)?)$/,
  },
  {
    name: 'tensorrt',
    type: 'generic',
    variables: ['TRT_VERSION', 'TENSORRT_VERSION'],
    files: /^(?:tensorrt(?:[_-](?:cu\d+|libs|bindings)){0,3}|libnvinfer\d+)$/,
  },
  {
    name: 'rocm',
    type: 'generic',
    variables: ['ROCM_VERSION'],
    files: /^rocm(?:-core)?$/,
  },
  {
    name: 'torch',
    type: 'pypi',
    variables: ['PYTORCH_VERSION', 'PYTORCH_BUILD_VERSION'],
    files: /^(?:torch|pytorch)$/,
  },
  {
    name: 'tensorflow',
    type: 'pypi',
    variables: ['TENSORFLOW_VERSION'],
    files: /^tensorflow(?:[_-](?:gpu|cpu))?$/,
  },
  {
    name: 'tritonserver',
    type: 'generic',
    variables: ['TRITON_SERVER_VERSION'],
    files: /^tritonserver$/,
  },
];

const versionText = /^v?(\d+(?:\.\d+){1,4}[\w.+-]{0,48})$/;

/** The claims of an environment and of labels. */
export function softwareClaims(
  variables: ReadonlyMap<string, string>,
  labels: Readonly<Record<string, string>>,
): readonly SoftwareClaim[] {
  return table.flatMap(({ name, variables: names, labels: labelNames = [] }) => {
    const said = [
      ...names.map((each) => [`environment ${each}`, variables.get(each)] as const),
      ...labelNames.map(
        (each) => [`label ${each}`, Object.hasOwn(labels, each) ? labels[each] : undefined] as const,
      ),
    ];
    return said.flatMap(([at, text]): SoftwareClaim[] => {
      const version = versionText.exec(text?.trim() ?? '')?.[1];
      return version === undefined ? [] : [{ name, version, at }];
    });
  });
}

/** True when an installed thing of this name is what the claim speaks of. */
export function isSoftware(claim: SoftwareClaim, installed: string): boolean {
  const name = installed.toLowerCase();
  return name.length <= 128 && table.some((each) => each.name === claim.name && each.files.test(name));
}

/** What a claim says where nothing in the image shows it: a thing that is only spoken of. */
export function claimedFact(claim: SoftwareClaim, source: string): Fact {
  const { name, version, at } = claim;
  const attributes = attributesFrom(source, 'image');
  const type = table.find((each) => each.name === name)?.type;
  attributes.add('name', name, at);
  attributes.add('version', version, at);
  attributes.add(
    'purl',
    type === 'pypi' ? pypiPurl(name, version) : packagePurl('generic', { name, version }),
    at,
  );
  attributes.add('mlbom:package:basis', 'claimed', at);
  return {
    about: { kind: 'component', key: `claim:${name}` },
    type: 'library',
    attributes: attributes.list,
    relations: [],
  };
}
