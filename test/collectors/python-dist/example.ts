import type { Files } from '../../fixtures/model-directory.ts';
import { defaultSite, writeDistribution } from '../../fixtures/python-distribution.ts';

/** A distribution of each kind of file that the collector reads; `REQUESTED` is empty and has nothing to cut. */
export const files: Files = {
  ...writeDistribution({
    name: 'torch',
    version: '2.8.0+cu128',
    metadata: [
      'Summary: Tensors and dynamic neural networks',
      'License-Expression: BSD-3-Clause',
      'Author-email: "Team, PyTorch" <team@example.org>',
      'Project-URL: Source, https://example.org/torch',
      'Requires-Python: >=3.9',
      'Requires-Dist: numpy (>=1.26); python_version < "3.13"',
      'Requires-Dist: optree; extra == "optree"',
    ],
    files: {
      'torch/__init__.py': '__version__ = "2.8.0"\n',
      'torch/odd, "name".py': 'a\n',
      '../../../bin/torchrun': '#!/bin/sh\n',
    },
    info: {
      INSTALLER: 'pip\n',
      WHEEL:
        'Wheel-Version: 1.0\nGenerator: setuptools (80.9.0)\nRoot-Is-Purelib: false\nTag: cp311-cp311-linux_x86_64\n',
      'direct_url.json': JSON.stringify({
        url: 'https://user:secret@example.org/torch.git',
        vcs_info: {
          vcs: 'git',
          requested_revision: 'v2.8.0',
          commit_id: '0123456789abcdef0123456789abcdef01234567',
        },
      }),
    },
  }),
  [`${defaultSite}/old-1.0-py3.11.egg-info/PKG-INFO`]:
    'Metadata-Version: 1.1\nName: old\nVersion: 1.0\nLicense: MIT\n',
};

const read = /(?:METADATA|RECORD|WHEEL|INSTALLER|PKG-INFO)$/;
/** Lines of text say something each; only the JSON has an end. */
export const readsCuts: readonly string[] = Object.keys(files).filter((path) => read.test(path));
