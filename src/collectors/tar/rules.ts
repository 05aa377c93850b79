import type { FindingRule } from '../../core/finding.ts';
import type { TarAnomalyKind } from '../../formats/tar/read-tar.ts';

const traversal = ['https://nvd.nist.gov/vuln/detail/CVE-2007-4559'];

export const escapingName: FindingRule = {
  id: 'MLB-TAR-001',
  severity: 'high',
  cwe: 22,
  title: 'Member of a tar that leads out of its directory',
  why: 'Unpacking can write files anywhere that the user may.',
  fix: 'Do not unpack it with tools that follow such names; Python 3.14 refuses them, and older ones do with filter="data".',
  references: traversal,
};

export const escapingLink: FindingRule = {
  id: 'MLB-TAR-002',
  severity: 'high',
  cwe: 59,
  title: 'Link in a tar that leads out of its directory',
  why: 'Members that are unpacked through the link are written outside, and reading through it gives files of the machine.',
  fix: 'Do not unpack it with tools that make such links; Python 3.14 refuses them, and older ones do with filter="data".',
  references: traversal,
};

export const device: FindingRule = {
  id: 'MLB-TAR-003',
  severity: 'medium',
  cwe: 20,
  title: 'Device or pipe in a tar',
  why: 'No model needs one; unpacked by root it gives access to the machine, and reading it may never end.',
  fix: 'Find out which program wrote the archive; do not unpack it as root.',
};

export const duplicateName: FindingRule = {
  id: 'MLB-TAR-004',
  severity: 'low',
  cwe: 694,
  title: 'Members of a tar with one name',
  why: 'Some readers take the first and some the last, so that what was looked at need not be what is loaded.',
  fix: 'Unpack it with a tool you trust, look at the content and pack it again.',
};

const contradiction: FindingRule = {
  id: 'MLB-TAR-005',
  severity: 'medium',
  cwe: 436,
  title: 'Headers of a tar that contradict one another',
  why: 'Readers go on at different places, and see different members.',
  fix: 'Unpack it with a tool you trust, look at the content and pack it again.',
  references: ['https://nvd.nist.gov/vuln/detail/CVE-2025-62518'],
};

const trailingData: FindingRule = {
  id: 'MLB-TAR-006',
  severity: 'low',
  cwe: 436,
  title: 'Bytes after the end of a tar',
  why: 'They are not seen by those who read the archive, and may be something else.',
  fix: 'Find out which program wrote the archive, or pack it again.',
};

const afterEnd: FindingRule = {
  id: 'MLB-TAR-007',
  severity: 'medium',
  cwe: 436,
  title: 'Members after the end of a tar',
  why: 'Some readers stop at the first block of zeros and some go on, so that they see different members.',
  fix: 'Unpack it with a tool you trust, look at the content and pack it again.',
};

/** The rule for each kind of anomaly; that nothing ends an archive harms nobody. */
export const ruleOf: Readonly<Record<Exclude<TarAnomalyKind, 'no-end'>, FindingRule>> = {
  size: contradiction,
  name: contradiction,
  type: contradiction,
  'extended-header': contradiction,
  'global-header': contradiction,
  'trailing-data': trailingData,
  'after-end': afterEnd,
  'zero-block': afterEnd,
};

export const tarRules: readonly FindingRule[] = [
  escapingName,
  escapingLink,
  device,
  duplicateName,
  contradiction,
  trailingData,
  afterEnd,
];
