import type { Bom } from '../core/bom.ts';
import { contentState } from './content-state.ts';
import { Differences } from './differences.ts';
import { fieldsOfDocument, fieldsOfPart } from './fields.ts';
import { fileRole } from './file-role.ts';
import { matchParts, type LooseResolvers, type Match, type Matching } from './match-parts.ts';
import { partsOf, type Part } from './part.ts';
import { lookOf, referencesOf, resolverOf, type References } from './references.ts';

/** One component in both BOMs, with what differs in it. */
export interface Pair extends Match {
  readonly differences: Differences;
}

/** Two BOMs laid beside each other: all that a rule may ask. */
export interface Scene {
  readonly matching: Matching;
  readonly references: { readonly old: References; readonly new: References };
  readonly loose: LooseResolvers;
  readonly document: Differences;
  /** What differs between two states of one component. */
  differencesOf(old: Part, next: Part): Differences;
  /** What was added, removed, renamed or changed within. */
  changedWithin(part: Part): 'weights' | 'files' | undefined;
}

/** Reads both BOMs and matches their components. */
export function sceneOf(old: Bom, next: Bom): Scene {
  const oldParts = partsOf(old);
  const newParts = partsOf(next);
  const references = { old: referencesOf(old, oldParts), new: referencesOf(next, newParts) };
  const loose = {
    old: resolverOf(references.old, (part) => lookOf(part.component)),
    new: resolverOf(references.new, (part) => lookOf(part.component)),
  };
  const matching = matchParts(oldParts, newParts, loose);
  const nameOf = (part: Part) => {
    const match = matching.of(part);
    return match && `\u0000match ${match.id}`;
  };
  const exact = { old: resolverOf(references.old, nameOf), new: resolverOf(references.new, nameOf) };
  const changed = changedFilesAround(matching);
  return {
    matching,
    references,
    loose,
    document: new Differences(fieldsOfDocument(old, exact.old), fieldsOfDocument(next, exact.new)),
    differencesOf: (was, now) => new Differences(fieldsOfPart(was, exact.old), fieldsOfPart(now, exact.new)),
    changedWithin: (part) =>
      changed.weights.has(part) ? 'weights' : changed.files.has(part) ? 'files' : undefined,
  };
}

/** All parts that have a changed file, or changed weights, somewhere within. */
function changedFilesAround(matching: Matching): { files: Set<Part>; weights: Set<Part> } {
  const files = new Set<Part>();
  const weights = new Set<Part>();
  function mark(part: Part): void {
    const around = fileRole(part) === 'weights' ? [files, weights] : [files];
    for (const seen of around) for (let at = part.parent; at && !seen.has(at); at = at.parent) seen.add(at);
  }
  for (const part of [...matching.removed, ...matching.added]) if (part.type === 'file') mark(part);
  for (const match of matching.matches) {
    if (match.by === 'content' || match.new.type !== 'file') continue;
    const renamed = match.old.path !== match.new.path;
    const moved = matching.of(match.old.parent) !== matching.of(match.new.parent);
    if (!renamed && !moved && contentState(match.old, match.new) !== 'changed') continue;
    mark(match.old);
    mark(match.new);
  }
  return { files, weights };
}
