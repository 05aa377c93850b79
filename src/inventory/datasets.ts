import type { ComponentType } from '../core/component-type.ts';
import { attribute, type Attribute, type Fact, type Target } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import { compareCodePoints } from '../core/order.ts';
import { nameOf } from '../core/path.ts';
import { emptyItem } from './empty-item.ts';
import { keyOf } from './key-of.ts';
import { withConflicts } from './model-item.ts';
import { reconcile } from './reconcile.ts';
import { refMaker } from './refs.ts';

const type: ComponentType = 'data';

/** A dataset that lies in an artifact, as those who speak of it may mean it. */
export interface KnownDataset {
  readonly ref: string;
  readonly path: string;
  readonly attributes: readonly Attribute[];
}

/** The datasets that facts speak of: those that lie somewhere, and those that are only named. */
export interface Datasets {
  /** The ref of what is meant: the dataset that lies in an artifact, or one that stands beside them. */
  readonly refOf: (target: Target) => string;
  /** What is said of a dataset that lies in an artifact. */
  readonly saidOf: (ref: string) => readonly Attribute[];
  /** Those that lie nowhere here; one dataset is one item, whoever speaks of it. */
  readonly spokenOf: readonly Item[];
}

/** Joins what facts name or describe with what lies in the artifacts, by name where only one of them has it. */
export function datasetsOf(facts: readonly Fact[], known: readonly KnownDataset[] = []): Datasets {
  const statements = new Map<string, Attribute[]>();
  const refs = new Map<string, string>();
  function note(key: string, attributes: readonly Attribute[]): void {
    const list = statements.get(key);
    if (list) list.push(...attributes);
    else statements.set(key, [...attributes]);
  }
  for (const fact of facts) {
    const { about } = fact;
    if (about.kind === 'component' && about.path === undefined && fact.type === type)
      note(about.key, fact.attributes);
    for (const relation of fact.relations) {
      if (relation.type !== 'dataset') continue;
      const { to, evidence } = relation;
      const attributes = [attribute('name', to.name, evidence)];
      if (to.version !== undefined) attributes.push(attribute('version', to.version, evidence));
      if (to.url !== undefined) {
        attributes.push(attribute('references', [{ type: 'distribution', url: to.url }], evidence));
      }
      note(keyOf(to), attributes);
    }
  }
  for (const [key, list] of statements) {
    refs.set(key, meant(namesIn(key, list), known) ?? refMaker()('dataset', key));
  }
  const placed = new Set(known.map(({ ref }) => ref));
  return {
    refOf: (target) => refs.get(keyOf(target)) ?? refMaker()('dataset', keyOf(target)),
    saidOf: (ref) => [...statements].flatMap(([key, list]) => (refs.get(key) === ref ? list : [])),
    spokenOf: [...statements]
      .filter(([key]) => !placed.has(refs.get(key) ?? ''))
      .sort(([a], [b]) => compareCodePoints(a, b))
      .map(([key, list]) => {
        const { attributes, conflicts } = reconcile(list);
        return withConflicts({ ...emptyItem(refs.get(key) ?? key, type), attributes }, conflicts, '.');
      }),
  };
}

function namesIn(key: string, statements: readonly Attribute[]): string[] {
  const names = statements.flatMap((each) => (each.name === 'name' ? [each.value] : []));
  return [key, ...names].map((name) => name.toLowerCase());
}

/** `acme/support-tickets` and the directory `support-tickets` are one dataset when no other here has that name. */
function meant(names: readonly string[], known: readonly KnownDataset[]): string | undefined {
  const short = names.map(nameOf);
  const [only, ...others] = known.filter((dataset) =>
    namesOf(dataset).some((name) => names.includes(name) || short.includes(nameOf(name))),
  );
  return others.length === 0 ? only?.ref : undefined;
}

function namesOf({ path, attributes }: KnownDataset): string[] {
  const stated = attributes.flatMap((each) => (each.name === 'name' ? [each.value] : []));
  return [nameOf(path).replace(/\.[a-z0-9]+$/i, ''), ...stated].map((name) => name.toLowerCase());
}
