import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'embedding/modules.json': JSON.stringify([
    { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
    { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
  ]),
  'embedding/config_sentence_transformers.json': JSON.stringify({
    __version__: { sentence_transformers: '5.1.0', pytorch: '2.8.0' },
    prompts: { query: 'query: ' },
    similarity_fn_name: 'cosine',
  }),
};
