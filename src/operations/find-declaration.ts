import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Declaration } from '../core/declaration.ts';
import { ifFound, unreadable } from '../core/errors.ts';
import { isInside, realPathOf } from './is-inside.ts';
import { localPath } from './parse-source.ts';
import { mergeDeclarations } from './merge-declarations.ts';
import { readDeclaration } from './read-declaration.ts';

export interface FindDeclarationOptions {
  /** `--declare` */
  readonly declare?: string | undefined;
  /** `--config`; goes before `MLBOM_CONFIG`. */
  readonly config?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute; relative paths start here. */
  readonly workingDirectory: string;
  /** What is scanned, as the user named it. */
  readonly sources: readonly string[];
}

export interface FoundDeclaration {
  readonly declaration?: Declaration;
  /** What the user should know about where it comes from; a sentence each. */
  readonly notes: readonly string[];
}

const implicitName = 'mlbom.json';

/**
 * What the user declares: `--declare` over `--config` over `MLBOM_CONFIG` over `mlbom.json` in the working directory.
 * Nothing inside a scanned tree configures the scanner: an `mlbom.json` there is read only when it is named.
 * @throws MlbomError `E_CONFIG`, `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function findDeclaration(options: FindDeclarationOptions): Promise<FoundDeclaration> {
  const { workingDirectory, environment } = options;
  const declare = located(options.declare, workingDirectory);
  const named = located(options.config ?? (environment['MLBOM_CONFIG'] || undefined), workingDirectory);
  const { path: config, notes } =
    named === undefined ? await implicitConfig(options, declare) : { path: named, notes: [] };

  const first = declare === undefined ? undefined : await readDeclaration(declare);
  const second =
    config === undefined || (await isSame(config, declare)) ? undefined : await readDeclaration(config);
  const declaration = first && second ? mergeDeclarations(first, second) : (first ?? second);
  return { ...(declaration ? { declaration } : {}), notes };
}

async function implicitConfig(
  { workingDirectory, sources }: FindDeclarationOptions,
  declare: string | undefined,
): Promise<{ path?: string; notes: string[] }> {
  const path = join(await realPathOf(workingDirectory), implicitName);
  const real = await existing(path);
  if (real === undefined || (await isSame(real, declare))) return { notes: [] };
  const places = (await Promise.all(sources.map(localPath))).flatMap((place) => place ?? []);
  const scanned = await Promise.all(places.map((place) => realPathOf(resolve(workingDirectory, place))));
  // A link in a scanned tree would choose the file as well as a file there would.
  if (!scanned.some((place) => isInside(path, place) || isInside(real, place))) return { path, notes: [] };
  const note = `${implicitName} lies inside a source and was not read; to use it all the same: --declare ${implicitName}`;
  return { notes: [note] };
}

/** The path without links; undefined where nothing is. */
async function existing(path: string): Promise<string | undefined> {
  const real = realpath(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  return ifFound(real);
}

async function isSame(path: string, other: string | undefined): Promise<boolean> {
  return other !== undefined && (await realPathOf(path)) === (await realPathOf(other));
}

/** As the user wrote it, where that works: errors show it, and nobody wants to read where they are. */
function located(path: string | undefined, workingDirectory: string): string | undefined {
  if (path === undefined || path === '-' || isAbsolute(path)) return path;
  return relative(process.cwd(), resolve(workingDirectory, path));
}
