import { writeExecutorch, writeOrt, writeTflite } from '../../fixtures/flatbuffer-models.ts';
import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'support.tflite': writeTflite(),
  'support.circle': writeTflite({ identifier: 'CIR0' }),
  'support.ort': writeOrt(),
  'support.pte': writeExecutorch(new Uint8Array(16)),
  'files.tflite': writeTflite({ operators: ['FlexWriteFile'] }),
  'flex.tflite': writeTflite({ operators: ['FlexErf'] }),
  'custom.tflite': writeTflite({ operators: ['Mine'] }),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'files.tflite': ['MLB-TFL-101', 'MLB-TFL-102'],
  'flex.tflite': ['MLB-TFL-102'],
  'custom.tflite': ['MLB-TFL-103'],
};
