import { lstatSync, readlinkSync } from 'node:fs';
import { limits } from '../core/limits.ts';

/** Why a link leads to nothing, in the codes of Node's own errors. */
export type Unresolved = 'ELOOP' | 'ENOENT';

/**
 * Where a path leads in a root file system that is not the one of this machine: absolute links begin at its root, and
 * `..` ends there, as after chroot(2).
 * @param root an absolute path without links
 * @param path an absolute path below the root; its last part may be a link
 * @throws what `lstat` and `readlink` throw, beside what is not there
 */
export function resolveInRoot(root: Buffer, path: Buffer): Buffer | Unresolved {
  const pending = partsOf(path.subarray(root.length)).reverse();
  const resolved: Buffer[] = [];
  let links = 0;
  for (let part = pending.pop(); part; part = pending.pop()) {
    if (part.equals(dot)) continue;
    if (part.equals(dotDot)) {
      resolved.pop();
      continue;
    }
    resolved.push(part);
    const here = joined(root, resolved);
    const stats = lstatSync(here, { throwIfNoEntry: false });
    if (!stats) return 'ENOENT';
    if (stats.isSymbolicLink()) {
      if (++links > limits.linksPerPath) return 'ELOOP';
      const target = readlinkSync(here, { encoding: 'buffer' });
      if (target[0] === slash) resolved.length = 0;
      else resolved.pop();
      pending.push(...partsOf(target).reverse());
    } else if (!stats.isDirectory() && pending.length > 0) return 'ENOENT';
  }
  return joined(root, resolved);
}

const slash = 0x2f;
const dot = Buffer.from('.');
const dotDot = Buffer.from('..');

function partsOf(path: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start <= path.length;) {
    const found = path.indexOf(slash, start);
    const end = found < 0 ? path.length : found;
    if (end > start) parts.push(path.subarray(start, end));
    start = end + 1;
  }
  return parts;
}

function joined(root: Buffer, parts: readonly Buffer[]): Buffer {
  const start = root.at(-1) === slash ? root.subarray(0, -1) : root;
  const pieces = parts.flatMap((part) => [Buffer.of(slash), part]);
  return parts.length === 0 ? root : Buffer.concat([start, ...pieces]);
}
