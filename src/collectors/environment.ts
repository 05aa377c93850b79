import type { About } from '../core/fact.ts';

/** The environment in a directory: one thing, whichever files speak of it. */
export function aboutEnvironment(path: string): About {
  return { kind: 'component', key: `environment:${path}`, path };
}

/** `Python 3.11 environment .venv`; the root of an artifact needs no name. */
export function environmentName(kind: string, path: string): string {
  return path === '.' ? `${kind} environment` : `${kind} environment ${path}`;
}
