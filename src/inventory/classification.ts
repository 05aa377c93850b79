import { attribute, type Attribute } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import { contradiction } from '../core/problem.ts';

/** Words for how far something may go, from the least strict; each row says the same. */
const ranks: readonly (readonly string[])[] = [
  ['public', 'open', 'unclassified', 'unrestricted'],
  ['internal', 'private', 'company', 'official'],
  ['confidential', 'sensitive', 'proprietary'],
  ['restricted', 'highly confidential', 'strictly confidential', 'regulated'],
  ['secret'],
  ['top secret'],
];

/**
 * What was learnt from classified data is classified as it is: each model without a classification gets the strictest
 * of its datasets and of the models here that it came from, and one that is declared lower is a problem.
 */
export function withClassification(
  subject: Item,
  items: readonly Item[],
): { subject: Item; items: readonly Item[] } {
  const byRef = new Map<string, Item>();
  const byName = new Map<string, Item>();
  function note(item: Item): void {
    byRef.set(item.ref, item);
    if (item.type === 'machine-learning-model') byName.set(nameOf(item).toLowerCase(), item);
    item.items.forEach(note);
  }
  [subject, ...items].forEach(note);
  const known = new Map<string, Source | undefined>();

  /** Its own classification or, where it has none, what it inherits. */
  function sourceOf(item: Item): Source | undefined {
    if (known.has(item.ref)) return known.get(item.ref);
    // Whatever leads back here says nothing new.
    known.set(item.ref, undefined);
    const own = classificationOf(item);
    const source = own === undefined ? inherited(item) : { label: own, from: nameOf(item) };
    known.set(item.ref, source);
    return source;
  }

  function inherited(item: Item): Source | undefined {
    const parents = [
      ...item.datasets.flatMap((ref) => byRef.get(ref) ?? []),
      ...item.ancestors.flatMap(({ to }) => byName.get(to.name.toLowerCase()) ?? []),
    ];
    return strictest(parents.flatMap((parent) => sourceOf(parent) ?? []));
  }

  function classified(item: Item): Item {
    const nested = item.items.some((each) => !each.file) ? item.items.map(classified) : item.items;
    const whole = { ...item, items: nested };
    if (item.type !== 'machine-learning-model') return whole;
    const given = inherited(item);
    if (!given) return whole;
    const own = classificationOf(item);
    if (own === undefined) return { ...whole, attributes: [...item.attributes, inheritedAttribute(given)] };
    if (!isStricter(given.label, own)) return whole;
    const reason = `is classified as ${own}, and ${given.from}, which it comes from, as ${given.label}`;
    return { ...whole, problems: [...item.problems, contradiction('classification-lower', '.', reason)] };
  }

  return { subject: classified(subject), items: items.map(classified) };
}

interface Source {
  readonly label: string;
  /** The name of the dataset or model that has it. */
  readonly from: string;
}

function inheritedAttribute({ label, from }: Source): Attribute {
  return attribute('mlbom:classification', label, { basis: 'derived', source: from, by: 'inventory' });
}

function nameOf(item: Item): string {
  const name = item.attributes.find((each) => each.name === 'name')?.value;
  return typeof name === 'string' ? name : item.ref;
}

function classificationOf(item: Item): string | undefined {
  for (const each of item.attributes) {
    if (each.name === 'mlbom:classification') return each.value;
    if (each.name === 'governance' && each.value.classification !== undefined)
      return each.value.classification;
  }
  return undefined;
}

/** A word that nobody ranked may mean anything, so that it goes before those that are ranked. */
function rankOf(label: string): number {
  const word = label.toLowerCase().replace(/[-_]/g, ' ').trim();
  const rank = ranks.findIndex((words) => words.includes(word));
  return rank < 0 ? ranks.length : rank;
}

function isStricter(a: string, b: string): boolean {
  return rankOf(b) < ranks.length && rankOf(a) < ranks.length && rankOf(a) > rankOf(b);
}

function strictest(sources: readonly Source[]): Source | undefined {
  return sources.toSorted((a, b) => rankOf(b.label) - rankOf(a.label) || (a.label < b.label ? -1 : 1))[0];
}
