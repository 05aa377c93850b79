import { createHash } from 'node:crypto';
import { groupBy } from '../core/group-by.ts';
import { canonicalText, type Resolver } from './canonical-text.ts';
import { omit } from './omit.ts';
import { namesFile, packageIdentity } from './package-url.ts';
import { pairNearest } from './pair-nearest.ts';
import { digestsOf, withNested, type Part } from './part.ts';

/** By what two components were found to be the same one. */
export type MatchedBy = 'content' | 'purl' | 'name' | 'digest' | 'role';

/** One component in both BOMs. */
export interface Match {
  readonly id: number;
  readonly old: Part;
  readonly new: Part;
  readonly by: MatchedBy;
}

export interface Matching {
  readonly matches: readonly Match[];
  readonly removed: readonly Part[];
  readonly added: readonly Part[];
  /** The match that a part of either side is in. */
  of(part: Part | undefined): Match | undefined;
}

/** How each side's references are named before anything is matched. */
export interface LooseResolvers {
  readonly old: Resolver;
  readonly new: Resolver;
}

type Key = (part: Part) => string | undefined;

/**
 * Finds what is the same component in two trees, never by `bom-ref`.
 * Siblings are compared first, from the roots down: by their whole content, package URL without its version, then
 * type, group and name or path. What is left is looked for everywhere: by package URL, digest, role, and name.
 * A path that both sides have is the same file there even when its content turns up elsewhere: a loader opens paths,
 * so two files that were swapped are two changed files, not two renamed ones.
 */
export function matchParts(old: readonly Part[], next: readonly Part[], resolvers: LooseResolvers): Matching {
  const matches: Match[] = [];
  const matchOf = new Map<Part, Match>();
  const content = contentKey(old, next, resolvers);
  const open = (part: Part) => !matchOf.has(part);

  function pass(left: readonly Part[], right: readonly Part[], key: Key, by: MatchedBy): void {
    const candidates = groupBy(right.filter(open), key);
    if (candidates.size === 0) return;
    for (const [value, parts] of groupBy(left.filter(open), key)) {
      // A match higher up pairs what it nests at once, and may have taken some of these.
      const pairs = pairNearest(parts.filter(open), (candidates.get(value) ?? []).filter(open));
      for (const [was, now] of pairs) {
        if (!open(was) || !open(now)) continue;
        const match = { id: matches.length, old: was, new: now, by };
        matches.push(match);
        matchOf.set(was, match).set(now, match);
        siblings(was.children, now.children);
      }
    }
  }

  function siblings(left: readonly Part[], right: readonly Part[]): void {
    if (left.length === 0 || right.length === 0) return;
    pass(left, right, content, 'content');
    pass(left, right, (part) => packageAndPlace(part), 'purl');
    pass(left, right, packageKey, 'purl');
    pass(left, right, placeKey, 'name');
  }

  siblings(old, next);
  const restOld = [...withNested(old)].filter(open);
  const restNew = [...withNested(next)].filter(open);
  const nearestMatch = (part: Part): string => {
    for (let above = part.parent; above; above = above.parent) {
      const match = matchOf.get(above);
      if (match) return String(match.id);
    }
    return '';
  };
  pass(restOld, restNew, packageKey, 'purl');
  pass(restOld, restNew, (part) => (part.type === 'file' ? undefined : digestKey(part)), 'digest');
  pass(restOld, restNew, (part) => (part.role === 'subject' ? 'subject' : undefined), 'role');
  // Two models may each have a `config.json`: files go by their path only under the same matched component.
  pass(
    restOld,
    restNew,
    (part) => (part.type === 'file' ? `${nearestMatch(part)}\u0000${placeKey(part)}` : undefined),
    'name',
  );
  pass(restOld, restNew, (part) => withBaseName(part, digestKey(part)), 'digest');
  pass(restOld, restNew, digestKey, 'digest');
  pass(restOld, restNew, (part) => (part.type === 'file' ? undefined : placeKey(part)), 'name');

  return {
    matches,
    removed: restOld.filter(open),
    added: restNew.filter(open),
    of: (part) => part && matchOf.get(part),
  };
}

/** A digest over all that a component and what it nests say. */
function contentKey(old: readonly Part[], next: readonly Part[], resolvers: LooseResolvers): Key {
  const keys = new Map<Part, string>();
  function fill(part: Part, resolver: Resolver): string {
    const nested = part.children.map((child) => fill(child, resolver)).sort();
    const key = createHash('sha256')
      .update(canonicalText(omit(part.component, 'components'), resolver) ?? '')
      .update(nested.join(''))
      .digest('base64');
    keys.set(part, key);
    return key;
  }
  for (const part of old) fill(part, resolvers.old);
  for (const part of next) fill(part, resolvers.new);
  return (part) => keys.get(part);
}

/** A file's package URL is its own only when it names the file within the package. */
function packageKey(part: Part): string | undefined {
  if (part.purl === undefined || (part.type === 'file' && !namesFile(part.purl))) return undefined;
  return `${part.type}\u0000${packageIdentity(part.purl)}`;
}

function packageAndPlace(part: Part): string | undefined {
  return part.purl === undefined ? undefined : `${packageIdentity(part.purl)}\u0000${placeKey(part)}`;
}

function placeKey(part: Part): string {
  return [part.type, part.group, part.path ?? part.name].join('\u0000');
}

const emptyFile = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const strongest = [
  'SHA-256',
  'SHA-512',
  'SHA-384',
  'SHA3-256',
  'SHA3-512',
  'BLAKE3',
  'BLAKE2B-256',
  'SHA-1',
  'MD5',
];

/** All empty files have one digest, so it says nothing about which file it is. */
function digestKey(part: Part): string | undefined {
  const digests = digestsOf(part);
  const algorithm = strongest.find((name) => digests.has(name));
  const digest = algorithm && digests.get(algorithm);
  if (!digest || digest === emptyFile) return undefined;
  return [part.type, algorithm, digest].join('\u0000');
}

function withBaseName(part: Part, key: string | undefined): string | undefined {
  return key && `${key}\u0000${(part.path ?? part.name).split('/').pop()}`;
}
