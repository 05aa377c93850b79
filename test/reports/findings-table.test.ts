import { expect, it } from 'vitest';
import type { ValidationFinding } from '../../src/core/validation-finding.ts';
import { findingsTable } from '../../src/reports/findings-table.ts';

const finding: ValidationFinding = {
  id: 'MLB-BOM-001',
  severity: 'warning',
  pointer: '/components/0',
  message: 'it says nothing',
  fix: 'say something',
};

it('lists errors first, each with its place and its fix, and counts them', () => {
  const findings = [finding, { ...finding, id: 'schema', severity: 'error' as const, pointer: '' }];
  expect(findingsTable(findings, { color: false, width: 80 }).split('\n')).toEqual([
    'error schema at /',
    '  it says nothing',
    '  fix: say something',
    '',
    'warning MLB-BOM-001 at /components/0',
    '  it says nothing',
    '  fix: say something',
    '',
    '1 error, 1 warning',
    '',
  ]);
});

it('says that a BOM without findings is valid', () => {
  expect(findingsTable([], { color: true, width: 80 })).toBe('valid\n');
});
