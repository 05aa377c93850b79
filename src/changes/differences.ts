import type { FieldItem, Fields } from './fields.ts';

/** What one field says on one side only. */
export interface Difference {
  readonly field: string;
  readonly old: readonly FieldItem[];
  readonly new: readonly FieldItem[];
}

/**
 * The fields in which two things differ. A rule takes the differences that it explains;
 * what no rule took is reported as it is, so that nothing vanishes.
 */
export class Differences {
  readonly #open = new Map<string, Difference>();

  constructor(old: Fields, next: Fields) {
    for (const field of new Set([...old.keys(), ...next.keys()])) {
      const was = old.get(field) ?? [];
      const now = next.get(field) ?? [];
      const difference = { field, old: without(was, now), new: without(now, was) };
      if (difference.old.length > 0 || difference.new.length > 0) this.#open.set(field, difference);
    }
  }

  /** The difference in a field, without taking it. */
  at(field: string): Difference | undefined {
    return this.#open.get(field);
  }

  /** Takes the differences in the fields that a rule explains. */
  take(explains: (field: string) => boolean): Difference[] {
    const taken = this.rest().filter((difference) => explains(difference.field));
    for (const difference of taken) this.#open.delete(difference.field);
    return taken;
  }

  /** Takes the difference in one field. */
  takeField(field: string): Difference | undefined {
    const difference = this.#open.get(field);
    this.#open.delete(field);
    return difference;
  }

  /** What nobody took so far. */
  rest(): Difference[] {
    return [...this.#open.values()];
  }
}

/** The items of `items` that have no equal in `others`, counting repetitions. */
function without(items: readonly FieldItem[], others: readonly FieldItem[]): FieldItem[] {
  if (items.length === 1 && others.length === 1) return items[0]?.text === others[0]?.text ? [] : [...items];
  const counts = new Map<string, number>();
  for (const { text } of others) counts.set(text, (counts.get(text) ?? 0) + 1);
  return items.filter(({ text }) => {
    const count = counts.get(text) ?? 0;
    counts.set(text, count - 1);
    return count <= 0;
  });
}
