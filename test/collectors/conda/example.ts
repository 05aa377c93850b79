import type { Files } from '../../fixtures/model-directory.ts';

export const record = {
  name: 'pytorch',
  version: '2.8.0',
  build: 'cuda128_py311_0',
  build_number: 0,
  channel: 'https://conda.anaconda.org/t/secret-token/conda-forge/linux-64',
  url: 'https://conda.anaconda.org/t/secret-token/conda-forge/linux-64/pytorch-2.8.0-cuda128_py311_0.conda',
  fn: 'pytorch-2.8.0-cuda128_py311_0.conda',
  subdir: 'linux-64',
  license: 'BSD-3-Clause',
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha256: 'ab'.repeat(32),
  depends: ['numpy >=1.26,<3', 'python >=3.11,<3.12.0a0', '__glibc >=2.17'],
  requested_spec: 'pytorch',
  paths_data: {
    paths_version: 1,
    paths: [
      { _path: 'lib/libtorch.so', path_type: 'hardlink', sha256: 'cd'.repeat(32), size_in_bytes: 12 },
      {
        _path: 'bin/torchrun',
        path_type: 'hardlink',
        prefix_placeholder: '/placeholder',
        file_mode: 'text',
        sha256: '12'.repeat(32),
        sha256_in_prefix: 'ef'.repeat(32),
        size_in_bytes: 200,
      },
      { _path: 'lib/libtorch.so.2', path_type: 'softlink', sha256: 'cd'.repeat(32), size_in_bytes: 12 },
      { _path: 'lib/python3.11/site-packages/torch/__pycache__/a.pyc', path_type: 'pyc_file' },
    ],
  },
};

export const files: Files = {
  'opt/conda/conda-meta/pytorch-2.8.0-cuda128_py311_0.json': JSON.stringify(record),
  'opt/conda/conda-meta/history':
    '==> 2026-01-31 12:00:00 <==\n# cmd: /home/somebody/bin/conda create -n x\n# conda version: 25.1.1\n',
};

export const readsCuts: readonly string[] = ['opt/conda/conda-meta/history'];
