import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { TarMember } from '../../formats/tar/tar-member.ts';

/** What a name in a layer means (OCI image-spec 1.1, layer.md, "Whiteouts"; AUFS for the last). */
export type LayerName =
  | { readonly kind: 'path'; readonly path: string }
  /** The layers below show nothing at this path. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** The layers below show nothing in this directory. */
  | { readonly kind: 'opaque'; readonly path: string }
  /** The union file system's own at the top of the layer; most readers do not show it, but hard links may lead there. */
  | { readonly kind: 'hidden'; readonly path: string }
  | { readonly kind: 'refused'; readonly code: 'path-escapes' | 'path-unusable'; readonly reason: string };

const whiteout = '.wh.';
const hidden = '.wh..wh.';
const opaque = '.wh..wh..opq';

/** The place of a name in the root: nothing is resolved but `.`, `..` and `/`. */
export function layerName(name: string): LayerName {
  if (name.includes('\0')) return refused('path-unusable', 'a name with a NUL, which no file can have');
  if (name.length > limits.pathLength) return refused('path-unusable', 'a name longer than any path');
  const path = pathInLayer(name);
  if (path === undefined) return refused('path-escapes', 'a name that leads out of the root');
  if (isDeep(path)) return refused('path-unusable', 'a name of more parts than any path');
  if (!path.includes(whiteout)) return { kind: 'path', path };
  const slash = path.lastIndexOf('/');
  const base = path.slice(slash + 1);
  const directory = slash < 0 ? '.' : path.slice(0, slash);
  if (base === opaque) return { kind: 'opaque', path: directory };
  // Below the top these are whiteouts like others, and what lies below one of that name is a file like others.
  if (path.startsWith(hidden)) return { kind: 'hidden', path };
  if (!base.startsWith(whiteout)) return { kind: 'path', path };
  const removed = base.slice(whiteout.length);
  if (removed === '' || removed === '.' || removed === '..') {
    return refused('path-escapes', 'a whiteout of no file');
  }
  return { kind: 'whiteout', path: directory === '.' ? removed : `${directory}/${removed}` };
}

/** Relative and without `.` and `..`; `.` for the root, nothing for what leads out of it. */
export function pathInLayer(name: string, directory = '.'): string | undefined {
  if (isPlain(name) && directory === '.') return name;
  const parts = directory === '.' || name.startsWith('/') ? [] : directory.split('/');
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Counts the characters of all names of a layer. @throws MlbomError, from its function, `E_LIMIT` (`layer-names`) */
export function nameCounter(): (member: Pick<TarMember, 'name' | 'link'>) => void {
  let length = 0;
  return ({ name, link = '' }) => {
    length += name.length + link.length;
    if (length <= limits.layerNameLength) return;
    const message = `names of more than ${limits.layerNameLength} characters in one layer`;
    throw new MlbomError('E_LIMIT', message, { rule: 'layer-names' });
  };
}

/** Most names need nothing done to them. */
function isPlain(name: string): boolean {
  return name !== '' && !/^\/|\/$|\/\/|^\.|\/\./.test(name);
}

function isDeep(path: string): boolean {
  if (path.length < 2 * limits.layerPathParts) return false;
  let parts = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) parts++;
  return parts > limits.layerPathParts;
}

function refused(code: 'path-escapes' | 'path-unusable', reason: string): LayerName {
  return { kind: 'refused', code, reason };
}
