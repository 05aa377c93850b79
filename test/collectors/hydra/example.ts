import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'nemo/model_config.yaml': `target: nemo.collections.asr.models.EncDecCTCModel
nemo_version: 2.4.0
optim:
  _target_: torch.optim.AdamW
`,
  'conf/train.yaml': `callbacks:
  - _target_: os.system
    command: id
loader:
  _target_: my_company.loader.Loader
model:
  _target_: \${oc.env:TARGET}
`,
};

/** YAML that ends early is shorter YAML. */
export const readsCuts = Object.keys(files);

export const findings = {
  'nemo/model_config.yaml': [],
  'conf/train.yaml': ['MLB-HYD-001', 'MLB-HYD-002', 'MLB-HYD-003'],
};
