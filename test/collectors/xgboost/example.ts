import type { Files } from '../../fixtures/model-directory.ts';

/** UBJSON's length: `L` and eight bytes, big endian. */
function text(value: string): string {
  return `L\0\0\0\0\0\0\0${String.fromCharCode(value.length)}${value}`;
}

const binary = `{${text('learner')}{${text('learner_model_param')}{${text('num_feature')}S${text('4')}}${text('objective')}{${text('name')}S${text('reg:squarederror')}}}${text('version')}[#L\0\0\0\0\0\0\0\x03i\x03i\x02i\0}`;

export const files: Files = {
  'trees/model.json': JSON.stringify({
    learner: { learner_model_param: { num_feature: '4' }, objective: { name: 'binary:logistic' } },
    version: [3, 2, 0],
  }),
  'trees/model.ubj': Buffer.from(binary, 'latin1'),
  'trees/old.model': Buffer.from('binf\0\0\0\0\0\0\0\0', 'latin1'),
};

/** Without its end a document has no version, and is nobody's; the old format has none. */
export const readsCuts = Object.keys(files);
