import type { Files } from '../../fixtures/model-directory.ts';
import { paxHeader, writeTar } from '../../fixtures/tar-writer.ts';

const zeros = '\0'.repeat(512);

export const files: Files = {
  'archives/notes.tar': writeTar(
    [
      { name: 'notes/', type: '5' },
      { name: 'notes/a.txt', content: 'a'.repeat(600) },
    ],
    'x'.repeat(400),
  ),
  'tar/link-inside.tar': writeTar([{ name: 'd/a', type: '2', link: '../b' }]),
  'tar/no-end.tar': writeTar([{ name: 'a' }], ''),
  'tar/leads-out.tar': writeTar([{ name: '../a' }]),
  'tar/link-leads-out.tar': writeTar([{ name: 'd/a', type: '2', link: '../../b' }]),
  'tar/hard-link-leads-out.tar': writeTar([{ name: 'd/a', type: '1', link: '/etc/passwd' }]),
  'tar/device.tar': writeTar([{ name: 'a', type: '4' }]),
  'tar/pipe.tar': writeTar([{ name: 'a', type: '6' }]),
  'tar/one-name.tar': writeTar([{ name: 'a' }, { name: 'a' }]),
  'tar/two-sizes.tar': writeTar([paxHeader({ size: '1' }), { name: 'a', content: 'abc' }]),
  'tar/bytes-after.tar': writeTar([{ name: 'a' }], `${zeros}${zeros}${'x'.repeat(512)}`),
  'tar/one-block-of-zeros.tar': writeTar(
    [{ name: 'a' }],
    Buffer.concat([Buffer.from(zeros), writeTar([{ name: 'b' }])]),
  ),
};

/** What ends between two members, or in the zeros behind the last, is whole. */
export const readsCuts = Object.keys(files);

export const findings: Readonly<Record<string, readonly string[]>> = {
  'archives/notes.tar': [],
  'tar/leads-out.tar': ['MLB-TAR-001'],
  'tar/link-leads-out.tar': ['MLB-TAR-002'],
  'tar/hard-link-leads-out.tar': ['MLB-TAR-002'],
  'tar/device.tar': ['MLB-TAR-003'],
  'tar/pipe.tar': ['MLB-TAR-003'],
  'tar/one-name.tar': ['MLB-TAR-004'],
  'tar/two-sizes.tar': ['MLB-TAR-005'],
  'tar/bytes-after.tar': ['MLB-TAR-006'],
  'tar/one-block-of-zeros.tar': ['MLB-TAR-007'],
};
