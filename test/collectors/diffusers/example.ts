import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'pipeline/model_index.json': JSON.stringify({
    _class_name: 'StableDiffusionPipeline',
    _diffusers_version: '0.35.1',
    safety_checker: [null, null],
    unet: ['diffusers', 'UNet2DConditionModel'],
    text_encoder: ['transformers', 'CLIPTextModel'],
  }),
  'own-pipeline/model_index.json': JSON.stringify({
    _class_name: ['pipeline_example', 'ExamplePipeline'],
    _diffusers_version: '0.35.1',
    trust_remote_code: true,
    auto_map: { AutoModel: 'modeling_example.Example', AutoTokenizer: 'example/other--tokens.Example' },
  }),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'own-pipeline/model_index.json': ['MLB-COD-001', 'MLB-COD-002', 'MLB-COD-003', 'MLB-COD-004'],
};
