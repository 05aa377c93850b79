import type { Files } from '../../fixtures/model-directory.ts';
import { writeRpmDatabase, writeRpmHeader } from '../../fixtures/rpm-writer.ts';

const bash = writeRpmHeader({
  1000: 'bash',
  1001: '5.2.26',
  1002: '3.fc40',
  1004: 'The GNU Bourne Again shell',
  1011: 'Fedora Project',
  1014: 'GPL-3.0-or-later',
  1020: 'https://www.gnu.org/software/bash',
  1022: 'x86_64',
  1028: [4096, 10, 20, 30, 40],
  1029: [0, 0, 0, 0, 2],
  1030: [0o040755, 0o100755, 0o100644, 0o120777, 0o100644],
  1035: ['', 'ab'.repeat(32), 'cd'.repeat(32), '', 'ef'.repeat(32)],
  1037: [0, 0, 1, 0, 2],
  1044: 'bash-5.2.26-3.fc40.src.rpm',
  1047: ['bash', '/bin/sh', 'config(bash)'],
  1116: [0, 0, 1, 0, 2],
  1117: ['empty', 'bash', 'bashrc', 'sh', 'README'],
  1118: ['/usr/bin/', '/etc/', '/usr/share/doc/bash/'],
  5011: [8],
});

const app = writeRpmHeader({
  1000: 'app',
  1001: '1.0',
  1002: '1',
  1003: [2],
  1022: 'noarch',
  1049: ['/bin/sh', 'app', 'rpmlib(CompressedFileNames)'],
});

export const key = writeRpmHeader({ 1000: 'gpg-pubkey', 1001: 'a15b79cc', 1002: '63d04c2c' });
export const headers: readonly Uint8Array[] = [bash, key, app];

export const manifest = [
  [
    'glibc',
    '2.35-7.cm2',
    '1',
    '2',
    'Microsoft Corporation',
    '(none)',
    '3',
    'x86_64',
    '0',
    'glibc-2.35-7.cm2.src.rpm',
  ],
  ['openssl', '1.1.1k-30.cm2', '1', '2', 'Microsoft Corporation', '1', '3', 'x86_64', '1', 'openssl.src.rpm'],
]
  .map((line) => line.join('\t'))
  .join('\n');

export const files: Files = {
  'var/lib/rpm/rpmdb.sqlite': writeRpmDatabase(headers),
  'var/lib/rpmmanifest/container-manifest-2': `${manifest}\n`,
};

export const readsCuts: readonly string[] = ['var/lib/rpmmanifest/container-manifest-2'];
