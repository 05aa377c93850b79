import type { Files } from '../../fixtures/model-directory.ts';

export const installed = `C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=
P:alpine-baselayout
V:3.6.5-r0
A:x86_64
L:GPL-2.0-only
F:etc
R:hosts
Z:Q1cqoPbCVRsCuFFVbgYTwqQnIRfTc=

P:musl
V:1.2.5-r0
A:x86_64
T:the musl c library (libc) implementation
U:https://musl.libc.org/
L:MIT
o:musl
m:Example <maintainer@example.org>
c:${'0a'.repeat(20)}
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1cqoPbCVRsCuFFVbgYTwqQnIRfTc=
R:libc.musl-x86_64.so.1
a:0:0:777
Z:Q1cqoPbCVRsCuFFVbgYTwqQnIRfTc=

P:app
V:1.0-r1
A:x86_64
D:so:libc.musl-x86_64.so.1 musl>=1.2 !old
`;

export const files: Files = { 'lib/apk/db/installed': installed };

export const readsCuts: readonly string[] = Object.keys(files);
