import type { StatedFile } from '../bom/artifacts-of.ts';
import { check, type Check } from '../core/check.ts';
import type { LayerResult } from '../core/layer.ts';
import type { ModelArtifact } from '../formats/oci/model-artifact.ts';
import { squash, type SquashedFile } from '../inventory/squash.ts';
import type { NamedLayer } from './images/named-layers.ts';

export interface ArtifactFiles {
  /** The place, as the user names it. */
  readonly at: string;
  /** What was signed. */
  readonly files: readonly StatedFile[];
  readonly model: ModelArtifact;
  readonly layers: readonly NamedLayer[];
  /** In the order of the layers. */
  readonly results: readonly LayerResult[];
}

/** Failing files that are reported one by one. */
const mostFailures = 200;

/**
 * Signed files against those of a model artifact. Whatever tool puts them on a disk has to come to the same: so
 * everything in its layers is one of them, or a directory, and nothing about them is a matter of how they are read.
 */
export function artifactFileChecks(input: ArtifactFiles): Check[] {
  const { at, files, model, layers, results } = input;
  const stated = new Map(files.map((file) => [file.path, file]));
  const squashed = squash(results);
  const found = new Map(squashed.files.map((file) => [file.path, file]));
  const fail = (why: string, path?: string, more: Partial<Check> = {}): Check =>
    check('bytes', 'fail', why, {
      subject: path === undefined || path === '.' ? at : `${at}: ${path}`,
      ...more,
    });

  const opaque = layers.filter(({ content }) => content.kind === 'opaque');
  const problems = [
    ...model.problems.filter(({ effect }) => effect === 'contradiction'),
    ...results.flatMap((result) => result.problems),
    ...squashed.problems,
  ];
  const failures = [
    ...opaque.map(({ name }) => fail(`${name} is no file of the signed artifact`)),
    ...problems.map(({ path, reason }) => fail(reason, path)),
    ...results.flatMap(({ whiteouts, opaque: hidden }) =>
      [...whiteouts, ...hidden].map((path) => fail('is removed by a layer, which not every tool does', path)),
    ),
    ...results.flatMap(({ entries }) =>
      entries
        .filter(({ type }) => type === 'other' || type === 'link')
        .filter(({ path, link }) => !found.has(path) || link !== stated.get(path)?.link || link === undefined)
        .map(({ path, link }) =>
          fail(
            link === undefined ? 'no regular file' : `a symbolic link to ${link}, which was not signed`,
            path,
          ),
        ),
    ),
    ...[...found.keys()]
      .filter((path) => !stated.has(path))
      .map((path) => fail('not part of the signed artifact', path)),
    ...replaced(results, found).map((path) => fail('a layer has another content of this name', path)),
    ...files.flatMap((file): Check[] => {
      const { sha256, size, chunkRoot } = found.get(file.path) ?? {};
      const expected = `sha256:${file.sha256}`;
      if (sha256 === undefined) {
        return [fail('missing: no file of that name is there', file.path, { expected })];
      }
      if (sha256 === file.sha256 && size === file.size && chunkRoot === file.chunkRoot) return [];
      return [fail('content differs', file.path, { expected, actual: `sha256:${sha256}` })];
    }),
  ];
  if (failures.length > 0) return failures.slice(0, mostFailures);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const why = `all ${files.length} files of the artifact, ${bytes} bytes, are the signed ones`;
  return [check('bytes', 'pass', why, { subject: at })];
}

/** Files of lower layers that a higher one replaces: a tool that writes layers at the same time may keep either. */
function replaced(results: readonly LayerResult[], shown: ReadonlyMap<string, SquashedFile>): string[] {
  return results.flatMap(({ entries }) =>
    entries
      .filter(({ path, sha256 }) => sha256 !== undefined && sha256 !== shown.get(path)?.sha256)
      .map(({ path }) => path),
  );
}
