import type { Files } from '../../fixtures/model-directory.ts';

const weights = [
  {
    name: 'conv/kernel',
    shape: [3, 2],
    dtype: 'float32',
    quantization: { dtype: 'uint8', min: 0, scale: 1 },
  },
  { name: 'conv/bias', shape: [2], dtype: 'float32' },
];

export const files: Files = {
  'tfjs/model.json': JSON.stringify({
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder' },
        { name: 'y', op: 'Conv2D' },
      ],
    },
    format: 'graph-model',
    generatedBy: '2.15.0',
    convertedBy: 'TensorFlow.js Converter v4.22.0',
    signature: {
      inputs: { x: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }, { size: '3' }] } } },
    },
    weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights }],
  }),
  'tfjs/group1-shard1of1.bin': Buffer.alloc(14),
  'tfjs/face-weights_manifest.json': JSON.stringify([{ paths: ['face.bin'], weights }]),
  'tfjs/face.bin': Buffer.alloc(14),
};
