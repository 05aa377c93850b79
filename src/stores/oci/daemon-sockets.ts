export type DaemonKind = 'docker' | 'podman';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a daemon may listen, the likeliest first. A host that is named counts alone: another daemon has other images.
 * One that is no socket of this machine gives none.
 */
export function daemonSockets(kind: DaemonKind, env: Environment): readonly string[] {
  const named = kind === 'podman' ? env['CONTAINER_HOST'] : env['DOCKER_HOST'];
  if (named !== undefined && named !== '') {
    return named.startsWith('unix://') ? [named.slice('unix://'.length)] : [];
  }
  const runtime = env['XDG_RUNTIME_DIR'];
  const own = runtime === undefined || runtime === '' ? [] : [runtime];
  if (kind === 'podman')
    return [...own.map((directory) => `${directory}/podman/podman.sock`), '/run/podman/podman.sock'];
  return ['/var/run/docker.sock', ...own.map((directory) => `${directory}/docker.sock`)];
}
