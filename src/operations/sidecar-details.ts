import type { StatedArtifact } from '../bom/artifacts-of.ts';
import { note, type Check } from '../core/check.ts';
import { isMlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { FileDetail } from '../core/manifest.ts';
import { readSidecar } from '../manifest/sidecar.ts';
import { tensorRoot } from '../manifest/tensor-rows.ts';
import { readInput } from './read-input.ts';

/** The chunk leaves and tensor tables of an artifact, by path. */
export type Details = ReadonlyMap<string, FileDetail>;

export interface SidecarReader {
  detailsOf(artifact: StatedArtifact): Promise<Details>;
  /** What is to be said about a sidecar that did not serve; never required. */
  checks(): readonly Check[];
}

/**
 * A sidecar that is read when the first difference is found, and not before: it says where a difference lies, never
 * whether there is one. What it says is bound to the signed BOM: leaves by chunk roots, tensor tables by tensor roots.
 */
export function sidecarReader(
  options: { readonly bom: string; readonly manifest?: string | undefined },
  artifacts: readonly StatedArtifact[],
): SidecarReader {
  const checks: Check[] = [];
  let loading: Promise<ReadonlyMap<string, Details>> | undefined;
  return {
    checks: () => checks,
    async detailsOf(artifact) {
      loading ??= load(options, artifacts, checks);
      return (await loading).get(artifact.digest) ?? new Map<string, FileDetail>();
    },
  };
}

/** By artifact digest. */
async function load(
  options: { readonly bom: string; readonly manifest?: string | undefined },
  artifacts: readonly StatedArtifact[],
  checks: Check[],
): Promise<ReadonlyMap<string, Details>> {
  const found = new Map<string, Details>();
  const path = options.manifest ?? (options.bom === '-' ? undefined : `${options.bom}.manifest.json`);
  if (path === undefined) return found;
  try {
    const bytes = Buffer.from(await readInput(path, limits.sidecarBytes));
    for (const document of lines(bytes)) {
      const sidecar = readSidecar(document, path);
      const artifact = artifacts.find(({ digest }) => digest === sidecar.artifact);
      if (artifact) found.set(artifact.digest, bound(sidecar.files, artifact));
    }
    if (found.size === 0) checks.push(useless(path, 'it belongs to another artifact'));
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    const absent = error.code === 'E_NOT_FOUND' && options.manifest === undefined;
    if (!absent) checks.push(useless(path, error.message));
  }
  return found;
}

/** One document a line; canonical JSON has no line breaks of its own. */
function* lines(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    if (stop > start) yield bytes.subarray(start, stop);
    start = stop + 1;
  }
}

/** The artifact digest covers the chunk roots; a tensor table counts only with the root that the BOM states. */
function bound(files: readonly FileDetail[], artifact: StatedArtifact): Details {
  const roots = new Map(artifact.files.map((file) => [file.path, file.tensorRoot]));
  return new Map(
    files.map((file) => {
      const { tensors, ...rest } = file;
      const known = tensors !== undefined && tensorRoot(tensors) === roots.get(file.path);
      return [file.path, known ? file : rest];
    }),
  );
}

function useless(subject: string, why: string): Check {
  return note('sidecar', 'fail', `cannot say where bytes differ: ${why}`, { subject });
}
