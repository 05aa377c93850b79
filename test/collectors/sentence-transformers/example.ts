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
  'own-module/modules.json': JSON.stringify([{ idx: 0, name: '0', path: '', type: 'own_module.Example' }]),
  'own-module/sentence_bert_config.json': JSON.stringify({
    max_seq_length: 512,
    model_args: { trust_remote_code: true },
    auto_map: { AutoModel: 'modeling_example.Example', AutoTokenizer: 'example/other--tokens.Example' },
  }),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'own-module/modules.json': ['MLB-COD-004'],
  'own-module/sentence_bert_config.json': ['MLB-COD-001', 'MLB-COD-002', 'MLB-COD-003'],
};
