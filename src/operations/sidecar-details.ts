import type { StatedArtifact } from '../bom/artifacts-of.ts';
import type { Check } from '../core/check.ts';
import { isMlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { FileDetail } from '../core/manifest.ts';
import { readSidecar } from '../manifest/sidecar.ts';
import { tensorRoot } from '../manifest/tensor-rows.ts';
import { readInput } from './read-input.ts';

export interface SidecarDetails {
  /** By artifact digest, then by path. */
  readonly of: ReadonlyMap<string, ReadonlyMap<string, FileDetail>>;
  /** What is to be said about a sidecar that does not serve; never required. */
  readonly checks: readonly Check[];
}

/**
 * The chunk leaves and tensor tables that belong to these artifacts, each bound to the signed BOM: leaves by the chunk
 * roots, tables by the tensor roots. They only say where a difference lies; whether there is one, the BOM decides.
 */
export async function sidecarDetails(
  options: { readonly bom: string; readonly manifest?: string | undefined },
  artifacts: readonly StatedArtifact[],
): Promise<SidecarDetails> {
  const path = options.manifest ?? (options.bom === '-' ? undefined : `${options.bom}.manifest.json`);
  if (path === undefined) return { of: new Map(), checks: [] };
  try {
    const bytes = Buffer.from(await readInput(path, limits.sidecarBytes));
    const of = new Map<string, ReadonlyMap<string, FileDetail>>();
    for (const document of lines(bytes)) {
      const sidecar = readSidecar(document, path);
      const artifact = artifacts.find(({ digest }) => digest === sidecar.artifact);
      if (artifact) of.set(artifact.digest, bound(sidecar.files, artifact));
    }
    return { of, checks: of.size > 0 ? [] : [useless(path, 'it belongs to another artifact')] };
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_ABORTED') throw error;
    if (error.code === 'E_NOT_FOUND' && options.manifest === undefined) return { of: new Map(), checks: [] };
    return { of: new Map(), checks: [useless(path, error.message)] };
  }
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
function bound(files: readonly FileDetail[], artifact: StatedArtifact): Map<string, FileDetail> {
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
  return {
    id: 'sidecar',
    outcome: 'fail',
    required: false,
    subject,
    why: `cannot say where bytes differ: ${why}`,
  };
}
