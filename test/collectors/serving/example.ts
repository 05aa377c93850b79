import { writeElf, writeGoBuildInfo } from '../../fixtures/elf-writer.ts';
import type { Files } from '../../fixtures/model-directory.ts';

export const config = `name: "ranker"
backend: "onnxruntime"
max_batch_size: 8
input [ { name: "ids", data_type: TYPE_INT64, dims: [ -1, 8 ] } ]
output [ { name: "score" data_type: TYPE_FP32 dims: 1 } ]
instance_group [ { count: 2 kind: KIND_GPU gpus: [ 0, 1 ] } ]
parameters { key: "TOKEN" value { string_value: "secret" } }
`;

export const manifest = {
  createdOn: '01/02/2026 10:00:00',
  runtime: 'python',
  model: {
    modelName: 'classifier',
    serializedFile: '/home/somebody/model.pt',
    handler: 'image_classifier',
    modelVersion: '1.0',
  },
  archiverVersion: '0.11.0',
};

export const ollama = writeElf({
  sections: {
    '.go.buildinfo': writeGoBuildInfo('go1.22.5', [
      'path\tgithub.com/ollama/ollama',
      'mod\tgithub.com/ollama/ollama\t(devel)\t',
      'build\t-ldflags="-w -s -X=github.com/ollama/ollama/version.Version=0.5.7 -X=a=b"',
      'build\tvcs.revision=0123abc',
    ]),
  },
});

export const files: Files = {
  'models/ranker/config.pbtxt': config,
  'opt/tritonserver/TRITON_VERSION': '2.48.0\n',
  'MAR-INF/MANIFEST.json': JSON.stringify(manifest),
  'usr/bin/ollama': ollama,
};

export const readsCuts: readonly string[] = ['models/ranker/config.pbtxt', 'opt/tritonserver/TRITON_VERSION'];
