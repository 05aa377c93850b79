import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'pipeline/meta.json': JSON.stringify({
    lang: 'en',
    name: 'core_support',
    version: '3.8.0',
    spacy_version: '>=3.8.0,<3.9.0',
    license: 'MIT',
    author: 'Example',
    url: 'https://user:secret@example.org/pipeline',
    pipeline: ['tok2vec', 'ner'],
    performance: { ents_f: 0.85, speed: null },
  }),
};
