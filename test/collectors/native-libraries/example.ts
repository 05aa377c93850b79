import { writeElf } from '../../fixtures/elf-writer.ts';
import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'site-packages/nvidia/nccl/lib/libnccl.so.2': writeElf({
    soname: 'libnccl.so.2',
    needed: ['libpthread.so.0', 'libc.so.6'],
    buildId: '0aa8317d81ac9d1a',
    sections: { '.rodata': 'NCCL version %d\0NCCL version 2.20.5+cuda12.4\0' },
  }),
  'usr/lib/x86_64-linux-gnu/libcuda.so.550.54.15': writeElf({ soname: 'libcuda.so.1' }),
  'usr/local/cuda-12.4/version.json': JSON.stringify({
    cuda: { name: 'CUDA SDK', version: '12.4.20240402' },
    cuda_cudart: { name: 'CUDA Runtime (cudart)', version: '12.4.127' },
  }),
  'usr/local/cuda/version.txt': 'CUDA Version 11.0.228\n',
  'opt/rocm-6.1.0/.info/version': '6.1.0-82\n',
  'usr/include/cudnn_version.h':
    '#ifndef X\n#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 1\n# define CUDNN_PATCHLEVEL 0 // patch\n#endif\n',
};

export const findings = { 'usr/lib/x86_64-linux-gnu/libcuda.so.550.54.15': ['MLB-NAT-001'] };

export const readsCuts: readonly string[] = [
  'usr/include/cudnn_version.h',
  'usr/local/cuda/version.txt',
  'opt/rocm-6.1.0/.info/version',
];
