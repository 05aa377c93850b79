import type { FindingRule } from '../../core/finding.ts';

export const dangerousTarget: FindingRule = {
  id: 'MLB-HYD-001',
  severity: 'critical',
  cwe: 94,
  title: 'A configuration names a function that runs commands or opens files',
  why: 'Hydra and NeMo call whatever `_target_` names with the arguments beside it when the configuration is instantiated.',
  fix: 'Do not load it; take the configuration from its publisher, and compare.',
  references: ['CVE-2025-23304', 'CVE-2026-22584'],
};

export const foreignTarget: FindingRule = {
  id: 'MLB-HYD-002',
  severity: 'medium',
  cwe: 829,
  title: 'A configuration names code outside of the usual frameworks',
  why: 'Instantiating the configuration imports and calls that code.',
  fix: 'Look at the named code before loading, or load with an allowlist of targets.',
  references: ['CVE-2025-23304'],
};

export const computedTarget: FindingRule = {
  id: 'MLB-HYD-003',
  severity: 'high',
  cwe: 94,
  title: 'A configuration computes what it calls',
  why: 'An interpolation in `_target_` is resolved on loading, so that no list of names can judge it beforehand.',
  fix: 'Ask for a configuration with plain names.',
};
