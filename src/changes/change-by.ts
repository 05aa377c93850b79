import type { Change, ChangeKind, ChangeSubject } from '../core/change.ts';
import { changeRules, type ChangeId } from './change-rules.ts';
import { qualifiedName, type Part } from './part.ts';

/** Where a change stands: the parts on either side, and the pointers where they are finer than the parts. */
export interface ChangePlace {
  readonly old?: Part | undefined;
  readonly new?: Part | undefined;
  readonly oldPointers?: readonly string[];
  readonly newPointers?: readonly string[];
}

export interface ChangeWords {
  readonly kind?: ChangeKind;
  readonly what: string;
  readonly was?: string | undefined;
  readonly now?: string | undefined;
}

/** One change by the rule `id`, about the newest state of its component. */
export function changeBy(id: ChangeId, place: ChangePlace, words: ChangeWords): Change {
  const { severity, title, why } = changeRules[id];
  const subject = place.new ?? place.old;
  return {
    id,
    severity,
    kind: words.kind ?? 'changed',
    title,
    subject: subject ? subjectOf(subject) : { type: 'document', name: 'BOM' },
    what: words.what,
    ...(words.was === undefined ? {} : { was: words.was }),
    ...(words.now === undefined ? {} : { now: words.now }),
    why,
    pointers: {
      old: place.oldPointers ?? (place.old ? [place.old.pointer] : []),
      new: place.newPointers ?? (place.new ? [place.new.pointer] : []),
    },
  };
}

function subjectOf(part: Part): ChangeSubject {
  const { type, version, purl, path } = part;
  return {
    type,
    name: qualifiedName(part),
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ...(path === undefined ? {} : { path }),
  };
}
