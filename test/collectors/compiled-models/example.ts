import type { Files } from '../../fixtures/model-directory.ts';
import { tensorrtEngine, rknnModel } from '../../fixtures/compiled-models.ts';

export const files: Files = {
  'support.engine': tensorrtEngine(),
  'yolo.engine': tensorrtEngine({
    description: 'YOLO',
    version: '8.3.0',
    task: 'detect',
    license: 'AGPL-3.0 License (https://example.org)',
    names: { 0: 'person' },
  }),
  'support.rknn': rknnModel({
    version: '2.3.0-abc',
    target_platform: ['rk3588'],
    network_platform: 'ONNX',
    name: 'support',
  }),
};

export const readsCuts = ['support.engine', 'yolo.engine'];
