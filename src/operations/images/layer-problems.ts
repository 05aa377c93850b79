import { formatDigest } from '../../core/digest.ts';
import type { Promised } from '../../core/entry.ts';
import type { LayerEntry } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { contradiction, incomplete, type Problem } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';
import type { TarAnomaly, TarMember } from '../../formats/tar/tar-member.ts';
import type { PassedFile } from './passing-file.ts';
import type { LayerName } from './path-in-layer.ts';

/** A member that has no place in the image: what it has is left out. */
export function unplaced({ name }: TarMember, { code, reason }: LayerName & { kind: 'refused' }): Problem {
  const said = JSON.stringify(shortened(name, limits.provenanceText));
  return incomplete(code, '.', `${said}: ${reason}`);
}

/** A root that is something else than a directory. */
export function badRoot({ type }: TarMember): Problem[] {
  return type === 'directory' ? [] : [incomplete('path-unusable', '.', 'the root is no directory')];
}

/** Another name of a file that is not kept any more. */
export function unreadAlias(path: string, target: string): Problem {
  const reason = `another name of ${target}, of which too little was kept to read it`;
  return incomplete('alias-unread', path, reason);
}

/** Bytes of a whiteout, or of another member that is no file: they are in nothing that is found. */
export function unshownBytes({ type, size }: TarMember, path: string): Problem[] {
  if (size === 0) return [];
  return [incomplete('unsupported', path, `${size} bytes of data in a member that shows none (${type})`)];
}

/** A file that no hard link shows. */
export function hiddenFile(path: string): Problem {
  const reason =
    'among what a union file system keeps for itself, which some readers unpack and others pass over';
  return incomplete('path-hidden', path, reason);
}

/**
 * A name that stands in the layer twice. Names between the two may have gone through the first one, when it is a link;
 * bytes of a file are nowhere to be seen, unless the second one has the same.
 * @param now digest of the second one, if that is a file
 */
export function duplicateName({ path, type, size, sha256 }: LayerEntry, now?: string): Problem {
  const isLost = type === 'link' || (type === 'file' && size > 0 && sha256 !== now);
  const problem = isLost ? incomplete : contradiction;
  return problem('duplicate-name', path, 'the layer has it twice; the last one counts');
}

/** What readers of tar differ over. What comes after the end is no part of it for any that unpacks images. */
export function anomalous({ kind, member, detail }: TarAnomaly): Problem[] {
  if (kind === 'no-end') return [];
  const about = member === undefined ? '' : `${JSON.stringify(shortened(member, 200))}: `;
  const problem = kind === 'trailing-data' ? contradiction : incomplete;
  return [problem(`tar-${kind}`, '.', `${about}${detail}`)];
}

/** The name of a blob says what its bytes are. */
export function brokenPromise(promised: Promised, passed: PassedFile, path: string): Problem[] {
  const actual = promised.algorithm === 'sha256' ? passed.sha256 : passed.gitBlobSha1;
  if (actual === promised.hex) return [];
  const reason = `${promised.by} ${formatDigest(promised)}, but the bytes have ${actual ?? 'another digest'}`;
  return [contradiction('promise-broken', path, reason)];
}
