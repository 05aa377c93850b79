import type { FindingRule } from '../../core/finding.ts';

export const foreignType: FindingRule = {
  id: 'MLB-SKO-001',
  severity: 'medium',
  cwe: 502,
  title: 'A skops file names types that skops does not trust by itself',
  why: 'Loading it asks to trust these types, and whoever trusts them lets their code run.',
  fix: 'Look at each type before it goes into `trusted`; never pass what `get_untrusted_types` returns unread.',
};

export const reachingNode: FindingRule = {
  id: 'MLB-SKO-002',
  severity: 'critical',
  cwe: 351,
  title: 'A skops file reaches functions or attributes by nodes that were abused',
  why: 'Operator and method nodes let a file name one type to the check and call another.',
  fix: 'Do not load it with skops before 0.13; ask for a file without these nodes.',
  references: ['CVE-2025-54412', 'CVE-2025-54413', 'CVE-2025-54886'],
};
