import type { Files } from '../../fixtures/model-directory.ts';

export const debian = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://user:pw@www.debian.org/"
# comment
ODD='it is \\$5'
`;

export const files: Files = {
  'etc/os-release': debian,
  'img/usr/lib/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
};

export const readsCuts: readonly string[] = Object.keys(files);
