import { mkdirSync, readdirSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isMlbomError } from '../../../src/core/errors.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { daemonSockets } from '../../../src/stores/oci/daemon-sockets.ts';
import { openDaemon } from '../../../src/stores/oci/open-daemon.ts';
import { resolveImage } from '../../../src/stores/oci/resolve-image.ts';
import { dockerArchive, imageOf, layoutArchive } from '../../fixtures/image-writer.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const image = imageOf({ layers: [{ tar: Buffer.from('one') }] });
let spool = '';

beforeEach(() => {
  spool = temporaryDirectory();
  vi.stubEnv('TMPDIR', spool);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function copies(): string[] {
  return readdirSync(spool).filter((name) => name.startsWith('mlbom-image-'));
}

/** A daemon on a socket that is gone after the test; the addresses it was asked for. */
async function daemon(
  answer: RequestListener,
  socket = join(temporaryDirectory(), 's'),
): Promise<{ socket: string; asked: string[] }> {
  const asked: string[] = [];
  mkdirSync(dirname(socket), { recursive: true });
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { socket, asked };
}

async function told(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (isMlbomError(error)) return `${error.code} ${error.rule}: ${error.message}; ${error.next}`;
    throw error;
  }
  return 'opened';
}

describe('openDaemon', () => {
  it("asks docker's socket for the image, and removes the copy", async () => {
    const { socket, asked } = await daemon((_, response) =>
      response.end(dockerArchive(image, { tags: ['team/app:latest'] })),
    );
    const store = await openDaemon('docker', 'team/app', { env: { DOCKER_HOST: `unix://${socket}` } });
    expect(asked).toEqual(['/images/team/app%3Alatest/get']);
    expect(store).toMatchObject({ uri: 'docker-daemon:team/app:latest', name: 'app', tags: ['latest'] });
    expect(store.repository).toBeUndefined();
    expect((await resolveImage(store)).config.digest).toEqual(parseDigest(image.config.digest));
    expect(copies()).toHaveLength(1);
    await store.close();
    expect(copies()).toEqual([]);
  });

  it("asks podman's socket for an archive with manifests", async () => {
    const runtime = temporaryDirectory();
    const { asked } = await daemon(
      (_, response) => response.end(layoutArchive([image], { tags: ['v1'] })),
      join(runtime, 'podman/podman.sock'),
    );
    const reference = 'registry.example.org:5000/team/app:v1';
    const store = await openDaemon('podman', reference, { env: { XDG_RUNTIME_DIR: runtime } });
    expect(asked).toEqual([
      '/v4.0.0/libpod/images/registry.example.org%3A5000%2Fteam%2Fapp%3Av1/get?format=oci-archive',
    ]);
    expect(store).toMatchObject({ repository: 'registry.example.org:5000/team/app', tags: ['v1'] });
    expect((await resolveImage(store)).manifest?.descriptor.digest).toEqual(
      parseDigest(image.manifest.digest),
    );
    await store.close();
  });

  it.each([
    ['has no such image', 404, /^E_NOT_FOUND daemon-image: .*; docker pull app:v1$/],
    ['is in trouble', 500, /^E_UNREACHABLE daemon-answer: .*status 500/],
  ])('says when the daemon %s', async (_, status, expected) => {
    const { socket } = await daemon((__, response) => response.writeHead(status).end('{"message":"secret"}'));
    const message = await told(openDaemon('docker', 'app:v1', { env: { DOCKER_HOST: `unix://${socket}` } }));
    expect(message).toMatch(expected);
    expect(message).not.toContain('secret');
  });

  it('says when the answer breaks off, or is no archive, and leaves nothing behind', async () => {
    const broken = await daemon((_, response) => {
      response.writeHead(200, { 'content-length': '4096' });
      response.write(Buffer.alloc(512), () => response.destroy());
    });
    const env = { DOCKER_HOST: `unix://${broken.socket}` };
    expect(await told(openDaemon('docker', 'app:v1', { env }))).toMatch(/^E_UNREACHABLE daemon-answer/);
    const other = await daemon((_, response) => response.end('hello'));
    const message = await told(
      openDaemon('docker', 'app', { env: { DOCKER_HOST: `unix://${other.socket}` } }),
    );
    expect(message).toMatch(/^E_MALFORMED tar-truncated: docker-daemon:app:latest/);
    expect(copies()).toEqual([]);
  });

  it('says what to do when nobody listens', async () => {
    const env = { DOCKER_HOST: `unix://${join(temporaryDirectory(), 'none')}` };
    expect(await told(openDaemon('docker', 'app', { env }))).toMatch(
      /^E_UNREACHABLE daemon-socket: .*docker save -o/,
    );
    const remote = { DOCKER_HOST: 'tcp://user:hunter2@registry.example.org:2375' };
    const message = await told(openDaemon('docker', 'app', { env: remote }));
    expect(message).toMatch(/^E_UNREACHABLE daemon-socket: .*no socket is known/);
    expect(message).not.toContain('hunter2');
  });

  it('ends when it is interrupted', async () => {
    const { socket } = await daemon((_, response) => response.write(Buffer.alloc(512)));
    const signal = AbortSignal.timeout(50);
    const opening = openDaemon('docker', 'app', { env: { DOCKER_HOST: `unix://${socket}` }, signal });
    expect(await told(opening)).toMatch(/^E_ABORTED/);
  });
});

describe('daemonSockets', () => {
  it('looks where daemons listen', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/1' };
    expect(daemonSockets('docker', env)).toEqual(['/var/run/docker.sock', '/run/user/1/docker.sock']);
    expect(daemonSockets('podman', env)).toEqual([
      '/run/user/1/podman/podman.sock',
      '/run/podman/podman.sock',
    ]);
    expect(daemonSockets('podman', { CONTAINER_HOST: 'unix:///p' })).toEqual(['/p']);
  });
});
