import type { Entry } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/** How many members of archives inside an archive may still be looked at; all archives in one file share it. */
interface Budget {
  members: number;
}

const budgets = new WeakMap<Entry, Budget>();

/**
 * The members of `archive`, as long as the file that holds it has not had more of them than are looked at: without that
 * bound, ten archives in each of ten in each of ten are a thousand.
 * @throws MlbomError `E_LIMIT` (`archive-members`) where it stops
 */
export async function* withinBudget(
  archive: Entry,
  members: Iterable<Entry> | AsyncIterable<Entry>,
): AsyncGenerator<Entry> {
  const budget = budgets.get(archive);
  // What lies in the file itself is bounded by the archive's own limit.
  const shared = budget ?? { members: limits.nestedMembers };
  for await (const member of members) {
    if (budget && budget.members-- <= 0) {
      throw new MlbomError('E_LIMIT', `more than ${limits.nestedMembers} members of archives in archives`, {
        rule: 'archive-members',
      });
    }
    budgets.set(member, shared);
    yield member;
  }
}
