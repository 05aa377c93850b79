import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'pipeline/model_index.json': JSON.stringify({
    _class_name: 'StableDiffusionPipeline',
    _diffusers_version: '0.35.1',
    safety_checker: [null, null],
    unet: ['diffusers', 'UNet2DConditionModel'],
    text_encoder: ['transformers', 'CLIPTextModel'],
  }),
};
