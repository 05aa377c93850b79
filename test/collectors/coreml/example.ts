import { writeBlobFile, writeCoreml } from '../../fixtures/coreml-writer.ts';
import type { Files } from '../../fixtures/model-directory.ts';

const data = 'Birds.mlpackage/Data/com.apple.CoreML';

export const files: Files = {
  'Birds.mlpackage/Manifest.json':
    '{"fileFormatVersion": "1.0.0", "itemInfoEntries": {}, "rootModelIdentifier": "A"}',
  [`${data}/model.mlmodel`]: writeCoreml({ blobs: ['@model_path/weights/weight.bin'] }),
  [`${data}/weights/weight.bin`]: writeBlobFile(),
  'Custom.mlmodel': writeCoreml({ customLayers: ['Own'] }),
  'Escaping.mlmodel': writeCoreml({ blobs: ['@model_path/../../secret'] }),
};

export const readsCuts = [`${data}/weights/weight.bin`];

export const findings: Readonly<Record<string, readonly string[]>> = {
  'Custom.mlmodel': ['MLB-COR-001'],
  'Escaping.mlmodel': ['MLB-COR-002'],
};
