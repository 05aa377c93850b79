import type { Files } from '../../fixtures/model-directory.ts';
import { openvinoIr } from '../../fixtures/openvino-ir.ts';

export const files: Files = {
  'openvino_model.xml': openvinoIr(),
  'extension.xml': openvinoIr({ layers: '<layer id="9" name="o" type="Own" version="support_opset"/>' }),
};

export const findings: Readonly<Record<string, readonly string[]>> = { 'extension.xml': ['MLB-OVN-001'] };
