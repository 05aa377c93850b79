import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { contradiction, type Problem } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';

/** What a path of a layer came to. */
export interface TakenPath {
  readonly path: string;
  readonly problem?: Problem;
}

/**
 * Paths of the layers of one artifact: below the root, each once, and none through another one's file.
 * Titles can be anything (oras-project/oras-go: a title must not lead out of the directory that is written to).
 */
export class ArtifactPaths {
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>();

  /**
   * @param title as an annotation has it, where there is one
   * @param name stands in for a title that is missing, or of which not even the last part can be kept
   * @param index of the layer, from 0
   */
  take(title: string | undefined, name: string, index: number): TakenPath {
    const kept = title === undefined ? name : plainPath(title);
    const wanted = kept ?? lastPart(title ?? '') ?? name;
    const path = this.#free(wanted) ? wanted : this.#beside(wanted, index);
    this.#files.add(path);
    for (let at = directoryOf(path); at !== '.'; at = directoryOf(at)) this.#directories.add(at);
    const shown = JSON.stringify(shortened(title ?? name, longestShown));
    if (kept === undefined) {
      const reason = `layer ${index + 1} calls itself ${shown}, which is no path in an artifact; it is known here as ${path}`;
      return { path, problem: contradiction('unsafe-path', path, reason) };
    }
    if (path === wanted) return { path };
    const reason = `layer ${index + 1} calls itself ${shown}, as another one does; it is known here as ${path}`;
    return { path, problem: contradiction('duplicate-path', path, reason) };
  }

  #free(path: string): boolean {
    if (this.#files.has(path) || this.#directories.has(path)) return false;
    for (let at = directoryOf(path); at !== '.'; at = directoryOf(at)) if (this.#files.has(at)) return false;
    return true;
  }

  /** In a directory of the layer's own, so that the name still says what the file is. */
  #beside(path: string, index: number): string {
    for (let turn = 0; ; turn++) {
      const directory = `layer-${index + 1}${turn === 0 ? '' : `-${turn}`}`;
      const candidate = `${directory}/${nameOf(path)}`;
      if (this.#free(candidate)) return candidate;
    }
  }
}

const longestShown = 160;
/** Linux's NAME_MAX in bytes, three characters for each that is escaped. */
const longestName = 3 * 255;

/** A relative path as stores write it, without `.` and empty parts; undefined for what leads elsewhere or is no text. */
function plainPath(title: string): string | undefined {
  if (title.length > limits.pathLength || title.startsWith('/') || /[\p{Cc}\\]/u.test(title))
    return undefined;
  if (!title.isWellFormed() || /^[A-Za-z]:/.test(title)) return undefined;
  const parts = title.split('/').filter((part) => part !== '' && part !== '.');
  const isPlain = parts.length > 0 && parts.length <= limits.directoryDepth && !title.endsWith('/');
  if (!isPlain || parts.some((part) => part === '..' || part.length > longestName)) return undefined;
  // What looks like an escape of a byte is none.
  return parts.join('/').replace(/%(?=[0-9A-Fa-f]{2})/g, '%25');
}

function lastPart(title: string): string | undefined {
  return plainPath(title.slice(-limits.pathLength).split(/[/\\]/).at(-1) ?? '');
}
