import type { FindingRule } from '../../core/finding.ts';

export const extensionLayer: FindingRule = {
  id: 'MLB-OVN-001',
  severity: 'medium',
  cwe: 829,
  title: 'OpenVINO model that needs an extension',
  why: 'The layer is of no operator set of OpenVINO: running it loads a library that registers it.',
  fix: 'Review where the library comes from, and add it to the bill of materials.',
  references: ['https://docs.openvino.ai/2025/documentation/openvino-extensibility.html'],
};

export const openvinoRules: readonly FindingRule[] = [extensionLayer];
