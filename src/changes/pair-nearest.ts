import { groupBy } from '../core/group-by.ts';
import { compareCodePoints } from '../core/order.ts';
import type { Part } from './part.ts';
import { versionOf } from './release.ts';

/**
 * Pairs parts of one identity: equal versions first, then those that share the most leading version numbers, each
 * time in the order of their versions. The rest of the longer side stays alone.
 */
export function pairNearest(old: readonly Part[], next: readonly Part[]): [Part, Part][] {
  const [was] = old;
  const [now] = next;
  if (old.length === 1 && next.length === 1 && was && now) return [[was, now]];
  const pairs: [Part, Part][] = [];
  let left = [...old].sort(byVersion);
  let right = [...next].sort(byVersion);
  for (const nearness of [wholeVersion, numbers(3), numbers(2), numbers(1), () => '']) {
    const candidates = groupBy(right, nearness);
    const paired = new Set<Part>();
    for (const [near, parts] of groupBy(left, nearness)) {
      for (const [index, partner] of (candidates.get(near) ?? []).slice(0, parts.length).entries()) {
        const part = parts[index];
        if (!part) continue;
        pairs.push([part, partner]);
        paired.add(part).add(partner);
      }
    }
    left = left.filter((part) => !paired.has(part));
    right = right.filter((part) => !paired.has(part));
    if (left.length === 0 || right.length === 0) break;
  }
  return pairs;
}

function wholeVersion(part: Part): string {
  return `v${versionOf(part) ?? ''}`;
}

function numbers(count: number): (part: Part) => string {
  return (part) => wholeVersion(part).split(/[.+-]/, count).join('.');
}

const natural = new Intl.Collator('en', { numeric: true });

function byVersion(a: Part, b: Part): number {
  const x = wholeVersion(a);
  const y = wholeVersion(b);
  // Equal versions are told apart by their names, so that the order of the document does not decide.
  return natural.compare(x, y) || compareCodePoints(x, y) || compareCodePoints(a.name, b.name);
}
