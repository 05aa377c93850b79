import type { Files } from '../../fixtures/model-directory.ts';

export const status = `Package: libc6
Status: install ok installed
Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.36-9+deb12u9
Depends: libgcc-s1, libcrypt1 (>= 1:4.4.10-10~)
Description: GNU C Library: Shared libraries
 Contains the standard libraries.
Homepage: https://www.gnu.org/software/libc/libc.html

Package: libcudnn9-cuda-12
Status: hold ok installed
Maintainer: cudatools <cudatools@nvidia.com>
Architecture: amd64
Version: 9.1.0.70-1
Provides: libcudnn9 (= 9.1.0.70-1)
Description: cuDNN runtime libraries

Package: app
Status: install ok installed
Architecture: all
Version: 1:1.0
Pre-Depends: libc6:any
Depends: libcudnn9 | libcudnn8, missing

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 2
`;

export const files: Files = {
  'var/lib/dpkg/status': status,
  'rootfs/var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n',
};

export const readsCuts: readonly string[] = Object.keys(files);
