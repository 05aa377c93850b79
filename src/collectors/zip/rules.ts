import type { FindingRule } from '../../core/finding.ts';
import type { ZipAnomalyKind } from '../../formats/zip/zip-types.ts';

const unpackAgain = 'Unpack it with a tool you trust, look at the content and pack it again.';
const picklescan = 'https://nvd.nist.gov/vuln/detail/';

const otherName: FindingRule = {
  id: 'MLB-ZIP-001',
  severity: 'high',
  cwe: 436,
  title: 'Member of a zip with two names',
  why: 'The central directory and the local header, or an extra field, name a member differently, so that what a scanner looks at is not what a loader opens.',
  fix: unpackAgain,
  references: [`${picklescan}CVE-2025-1944`],
};

const encrypted: FindingRule = {
  id: 'MLB-ZIP-002',
  severity: 'medium',
  cwe: 693,
  title: 'Member of a zip that is marked as encrypted',
  why: 'Tools that respect the mark cannot look at the content, while PyTorch ignores it and loads plain bytes.',
  fix: 'Ask for an archive without encryption, and protect it in transit by other means.',
  references: [`${picklescan}CVE-2025-1945`],
};

const damaged: FindingRule = {
  id: 'MLB-ZIP-003',
  severity: 'medium',
  cwe: 354,
  title: 'Member of a zip with a wrong CRC or size',
  why: 'Tools that check the CRC give up on the member, while PyTorch does not check it and loads the bytes.',
  fix: 'Fetch the file again from its source; if it is the same there, do not load it.',
  references: [`${picklescan}CVE-2025-10156`],
};

const overlap: FindingRule = {
  id: 'MLB-ZIP-004',
  severity: 'high',
  cwe: 409,
  title: 'Members of a zip over one another',
  why: 'Members that share bytes unpack to far more than the archive has, or hide one file in another.',
  fix: 'Do not unpack it; no honest writer makes such archives.',
};

const bomb: FindingRule = {
  id: 'MLB-ZIP-005',
  severity: 'medium',
  cwe: 409,
  title: 'Member of a zip that unpacks to a thousand times its size',
  why: 'Unpacking it can use up memory or disk.',
  fix: 'Unpack it with a limit, if at all.',
};

const escaping: FindingRule = {
  id: 'MLB-ZIP-006',
  severity: 'high',
  cwe: 22,
  title: 'Member of a zip that leads out of its directory',
  why: 'Unpacking can write or read files anywhere that the user may.',
  fix: 'Do not unpack it with tools that follow such names and links.',
  references: ['https://cwe.mitre.org/data/definitions/22.html'],
};

const duplicate: FindingRule = {
  id: 'MLB-ZIP-007',
  severity: 'medium',
  cwe: 694,
  title: 'Members of a zip with one name',
  why: 'Some readers take the first and some the last, so that what was looked at need not be what is loaded.',
  fix: unpackAgain,
};

const unlisted: FindingRule = {
  id: 'MLB-ZIP-008',
  severity: 'medium',
  cwe: 436,
  title: 'Member of a zip that its directory does not list',
  why: 'Readers that go by local headers, or by another directory in the same file, see other members.',
  fix: unpackAgain,
};

const contradiction: FindingRule = {
  id: 'MLB-ZIP-009',
  severity: 'medium',
  cwe: 436,
  title: 'Headers of a zip that contradict one another',
  why: 'Readers believe different headers, and see different content.',
  fix: unpackAgain,
};

const foreignBytes: FindingRule = {
  id: 'MLB-ZIP-010',
  severity: 'low',
  cwe: 436,
  title: 'Bytes in a zip that belong to no member',
  why: 'What lies before, between or after the members is not seen by those who read the archive, and may be something else.',
  fix: 'Find out which program wrote the archive, or pack it again.',
};

const method: FindingRule = {
  id: 'MLB-ZIP-011',
  severity: 'medium',
  cwe: 693,
  title: 'Member of a zip that cannot be unpacked here',
  why: 'It is packed by a method that is not supported, so that nothing is known of its content.',
  fix: 'Pack the archive again with deflate.',
};

/** The archive has more members than are read; also told as a problem. */
export const tooManyMembers: FindingRule = {
  id: 'MLB-ZIP-012',
  severity: 'medium',
  cwe: 770,
  title: 'Zip with too many members to be examined',
  why: 'Nothing is known of its content.',
  fix: 'Split the archive, or have its members as files.',
};

/** Something else begins the file, and an archive ends it. */
export const twoFormats: FindingRule = {
  id: 'MLB-ZIP-013',
  severity: 'high',
  cwe: 436,
  title: 'File that is a zip and something else',
  why: 'Loaders that look at the beginning and loaders that look at the end see different content.',
  fix: 'Do not load it; find out who made it and what for.',
};

/** The rule for each kind of anomaly. A link that stays inside, which is no finding, is told apart by the collector. */
export const ruleOf: Readonly<Record<Exclude<ZipAnomalyKind, 'link'>, FindingRule>> = {
  'other-name': otherName,
  encrypted,
  crc: damaged,
  overlap,
  ratio: bomb,
  'escaping-name': escaping,
  'duplicate-name': duplicate,
  'unlisted-member': unlisted,
  'several-directories': unlisted,
  'local-header': contradiction,
  'no-local-header': contradiction,
  directory: contradiction,
  'entry-count': contradiction,
  disk: contradiction,
  size: contradiction,
  descriptor: foreignBytes,
  prefix: foreignBytes,
  gap: foreignBytes,
  'trailing-data': foreignBytes,
  method,
};

export const zipRules: readonly FindingRule[] = [
  ...new Set([...Object.values(ruleOf), tooManyMembers, twoFormats]),
];
