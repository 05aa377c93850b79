import type { Files } from '../../fixtures/model-directory.ts';

const information = [
  'FlabuffersModel_v1',
  '{"loss_function":{"type":"Logloss","params":{}}}',
  '8988653-4c87e586-3d9e8e72-32cfcc5e',
  '2026-01-01T00:00:00Z',
  'Summary: CatBoost release 1.2.10. commit',
].join('\0');

export const files: Files = { 'trees/model.cbm': Buffer.from(`CBM1\0\x01\0\0${information}`, 'latin1') };

/** Texts are found wherever they stand. */
export const readsCuts = Object.keys(files);
