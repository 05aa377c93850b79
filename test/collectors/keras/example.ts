import type { Files } from '../../fixtures/model-directory.ts';
import { writeHdf5 } from '../../fixtures/hdf5-writer.ts';
import {
  functionLayer,
  kerasLayer,
  lambdaLayer,
  oldLambdaLayer,
  sequential,
  writeKeras,
  writeKerasHdf5,
} from '../../fixtures/keras-writer.ts';

export const files: Files = {
  'support.keras': writeKeras(),
  'support.h5': writeKerasHdf5(),
  'table.h5': writeHdf5({ version: 2, datasets: [{ path: 'table', shape: [4] }] }),
  'architecture.json': JSON.stringify(sequential()),
  'lambda.h5': writeKerasHdf5(sequential(oldLambdaLayer)),
  'lambda.keras': writeKeras({ config: sequential(lambdaLayer) }),
  'module.keras': writeKeras({ config: sequential(functionLayer('os', 'system')) }),
  'download.keras': writeKeras({ config: sequential(functionLayer('keras.utils', 'get_file')) }),
  'saved-model.keras': writeKeras({
    config: sequential(kerasLayer('TFSMLayer', { filepath: '/tmp/model' })),
  }),
  'torch.keras': writeKeras({ config: sequential(kerasLayer('TorchModuleWrapper', { module: 'gASV' })) }),
  'custom.keras': writeKeras({ config: sequential({ class_name: 'support>Own', config: {}, module: null }) }),
  'vocabulary.keras': writeKeras({
    config: sequential(kerasLayer('StringLookup', { name: 'words', vocabulary: '/etc/passwd' })),
  }),
  'external.weights.h5': writeHdf5({
    version: 2,
    datasets: [{ path: 'layers/dense/vars/0', shape: [4], file: '/etc/passwd' }],
  }),
  'twice.keras': writeKeras({ config: '{"class_name": "Sequential", "class_name": "Lambda", "config": {}}' }),
  'large.weights.h5': writeHdf5({
    datasets: [{ path: 'layers/dense/vars/0', shape: [1_000_000, 1_000_000], storage: 'chunked' }],
  }),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'lambda.h5': ['MLB-KER-001'],
  'lambda.keras': ['MLB-KER-002'],
  'module.keras': ['MLB-KER-003'],
  'download.keras': ['MLB-KER-004'],
  'saved-model.keras': ['MLB-KER-005'],
  'torch.keras': ['MLB-KER-006'],
  'custom.keras': ['MLB-KER-007'],
  'vocabulary.keras': ['MLB-KER-008'],
  'external.weights.h5': ['MLB-KER-009'],
  'twice.keras': ['MLB-KER-010'],
  'large.weights.h5': ['MLB-KER-011'],
};
