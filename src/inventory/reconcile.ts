import type { Attribute, AttributeName, Attributes } from '../core/fact.ts';
import { groupBy } from '../core/group-by.ts';
import type { Conflict } from '../core/inventory.ts';
import { agree, comparable } from './agreement.ts';

type ListName = {
  [N in AttributeName]: Attributes[N] extends readonly unknown[] ? N : never;
}[AttributeName];

/** Attributes whose values are lists: all sources are united. A record, so that the compiler misses none. */
const lists: Readonly<Record<ListName, true>> = {
  authors: true,
  tags: true,
  references: true,
  inputs: true,
  outputs: true,
  metrics: true,
  users: true,
  useCases: true,
  technicalLimitations: true,
  performanceTradeoffs: true,
  ethicalConsiderations: true,
  energyConsumptions: true,
};

/** Attributes that may stand several times, each with a value of its own. */
const repeated = new Set<AttributeName>([
  'hash',
  'mlbom:model:provenance',
  'mlbom:model:generation',
  'mlbom:model:chat-template-sha256',
  'mlbom:model:remote-code',
  'mlbom:artifact:excluded',
  'mlbom:dataset:statistic',
  'mlbom:dataset:split',
  'mlbom:file:header',
  'mlbom:file:examined',
  'mlbom:model:header',
  'mlbom:model:portability',
  'mlbom:model:classes',
  'mlbom:package:location',
  'mlbom:package:hash',
  'mlbom:package:header',
  'mlbom:package:basis',
  'mlbom:package:files',
  'mlbom:environment',
  'mlbom:oci:introduced-by',
  'mlbom:oci:tag',
  'mlbom:oci:label',
  'mlbom:oci:env',
  'mlbom:oci:driver-requirement',
  'mlbom:oci:exposed-port',
  'mlbom:oci:index-digest',
  'mlbom:oci:hidden',
  'mlbom:oci:removed-package',
  'mlbom:oci:opaque',
]);

const ranks = { verified: 0, observed: 1, declared: 4, derived: 5 };

/**
 * Chooses one value for each single-valued attribute and keeps what does not agree with it.
 * The bytes go before what the user declares now, that before what the place says, that before what travels with the
 * model; then comes the order given.
 * `incomparable` names attributes whose statements are about different things and cannot contradict each other.
 */
export function reconcile(
  statements: readonly Attribute[],
  incomparable: ReadonlySet<AttributeName> = new Set(),
): {
  attributes: readonly Attribute[];
  conflicts: readonly Conflict[];
} {
  const byName = groupBy(statements, (statement) => statement.name);
  const attributes: Attribute[] = [];
  const conflicts: Conflict[] = [];
  for (const [name, list] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (repeated.has(name)) attributes.push(...distinct(list));
    else if (Object.hasOwn(lists, name)) attributes.push(united(list));
    else {
      const ranked = list.toSorted((a, b) => rank(a) - rank(b));
      const [chosen] = ranked;
      if (!chosen) continue;
      attributes.push(chosen);
      if (!incomparable.has(name) && ranked.some((other) => !agree(chosen, other)))
        conflicts.push(conflict(name, ranked));
    }
  }
  return { attributes, conflicts };
}

/** The statements about one attribute, equal ones once a source. */
function conflict(name: string, statements: readonly Attribute[]): Conflict {
  const distinctOnes = new Map<string, Conflict['statements'][number]>();
  for (const statement of statements) {
    const { evidence } = statement;
    const value = comparable(statement);
    const key = `${evidence.source}\0${value}`;
    if (!distinctOnes.has(key)) distinctOnes.set(key, { value, evidence });
  }
  return { attribute: name, statements: [...distinctOnes.values()] };
}

/** The name under which a place keeps something goes before the one that its writer gave it. */
function rank({ evidence }: Attribute): number {
  if (evidence.by === 'declaration') return ranks.declared - 2;
  return evidence.by === 'store' && evidence.basis === 'declared'
    ? ranks.declared - 1
    : ranks[evidence.basis];
}

function distinct(list: readonly Attribute[]): Attribute[] {
  return [...new Map(list.map((item) => [comparable(item), item])).values()];
}

/** One list with every item once, in the order of the sources; the evidence is the first source's. */
function united(list: readonly Attribute[]): Attribute {
  const items = new Map<string, unknown>();
  for (const { value } of list)
    for (const item of value as readonly unknown[]) items.set(JSON.stringify(item), item);
  const [first] = list as [Attribute];
  return { ...first, value: [...items.values()] as unknown as Attributes['tags'] } as Attribute;
}
