import type { ComponentType } from '../core/component-type.ts';
import type { Attribute, Fact, Target } from '../core/fact.ts';
import { groupBy } from '../core/group-by.ts';
import type { Item } from '../core/inventory.ts';
import { compareCodePoints } from '../core/order.ts';
import { isWithin } from '../core/path.ts';
import { contradiction, type Problem } from '../core/problem.ts';
import { emptyItem } from './empty-item.ts';
import { keyOf } from './key-of.ts';
import { withConflicts } from './model-item.ts';
import { reconcile } from './reconcile.ts';
import type { RefMaker } from './refs.ts';

/** A package, an environment, a library: a thing of its own that component facts speak of. */
interface Thing {
  readonly ref: string;
  readonly key: string;
  readonly path?: string;
  readonly facts: readonly Fact[];
}

/** The things of one artifact, linked with each other. */
export interface Things {
  readonly items: readonly Item[];
  /** The refs of things that no other thing needs or holds. */
  readonly roots: readonly string[];
  /** The ref of the thing that is meant, the nearest to `path` where there are several. */
  readonly find: (target: Target, path: string) => string | undefined;
}

export interface ThingsInput {
  readonly facts: readonly Fact[];
  readonly ref: RefMaker;
  /** What the inventory found out about a thing, by its key. */
  readonly attributes?: ReadonlyMap<string, readonly Attribute[]>;
}

/**
 * The packages, environments and libraries that facts speak of, datasets left out.
 * What is only spoken of (an entry of a lockfile) is the same as what lies somewhere with its purl.
 */
export function thingsOf({ facts, ref, attributes = new Map() }: ThingsInput): Things {
  const byKey = groupBy(facts, ({ about, type }) =>
    about.kind === 'component' && type !== 'data' ? about.key : undefined,
  );
  const all = [...byKey].map(([key, own]): Thing => ({
    ...placeOf(own),
    ref: ref('package', key),
    key,
    facts: own,
  }));
  const placed = all.filter(({ path }) => path !== undefined);
  const byPurl = groupBy(placed, (thing) => purlOf(thing));
  const things = new Map(placed.map((thing) => [thing.ref, [...thing.facts]]));
  const others: Thing[] = [];
  for (const thing of all) {
    if (thing.path !== undefined) continue;
    const same = byPurl.get(purlOf(thing) ?? thing.key) ?? [];
    for (const each of same) things.get(each.ref)?.push(...thing.facts);
    if (same.length === 0) others.push(thing);
  }
  const list = [...placed, ...others].sort((a, b) => compareCodePoints(a.ref, b.ref));
  const find = finderOf(list);
  const holding = containment(placed);
  const items = list.map((thing): Item => {
    const own = things.get(thing.ref) ?? thing.facts;
    const needs = own.flatMap((fact) =>
      fact.relations.flatMap((relation) =>
        relation.type === 'depends-on' ? (find(relation.to, thing.path ?? '.') ?? []) : [],
      ),
    );
    const statements = [...own.flatMap((fact) => fact.attributes), ...(attributes.get(thing.key) ?? [])];
    const { attributes: chosen, conflicts } = reconcile(statements);
    const item: Item = {
      ...emptyItem(thing.ref, typeOf(own)),
      attributes: chosen,
      dependsOn: [...new Set([...needs, ...(holding.get(thing.ref) ?? [])])]
        .filter((each) => each !== thing.ref)
        .sort(),
      places: thing.path === undefined ? [] : [thing.path],
      problems: others.includes(thing) ? otherVersion(thing, find) : [],
    };
    return withConflicts(item, conflicts, thing.path ?? '.');
  });
  const needed = new Set(items.flatMap((item) => item.dependsOn));
  return { items, roots: items.map((item) => item.ref).filter((each) => !needed.has(each)), find };

  /** A lock that pins another version than the one that is installed: one of the two is not what is meant to run. */
  function otherVersion(thing: Thing, lookup: Things['find']): Problem[] {
    const [version, isLocked] = [textOf(thing.facts, 'version'), textOf(thing.facts, 'mlbom:package:basis')];
    const name = textOf(thing.facts, 'name') ?? thing.key;
    const purl = purlOf(thing);
    if (purl === undefined || version === undefined || isLocked !== 'locked') return [];
    const installed = placed.find((each) => each.ref === lookup({ name, purl }, '.'));
    const there = installed && textOf(installed.facts, 'version');
    if (!installed || there === undefined || there === version) return [];
    const source = thing.facts[0]?.attributes[0]?.evidence.source ?? '.';
    const reason = `names ${name} ${version}, and ${there} is installed at ${installed.path ?? '.'}`;
    return [contradiction('locked-version-differs', source, reason)];
  }
}

function placeOf(facts: readonly Fact[]): { path?: string } {
  for (const { about } of facts) {
    if (about.kind === 'component' && about.path !== undefined) return { path: about.path };
  }
  return {};
}

function textOf(facts: readonly Fact[], name: Attribute['name']): string | undefined {
  for (const fact of facts) {
    for (const each of fact.attributes) {
      if (each.name === name && typeof each.value === 'string') return each.value;
    }
  }
  return undefined;
}

function purlOf(thing: Pick<Thing, 'facts'>): string | undefined {
  return textOf(thing.facts, 'purl');
}

/** The most telling type that a fact gives. */
function typeOf(facts: readonly Fact[]): ComponentType {
  const types = facts.map((fact) => fact.type);
  return types.find((type) => type !== 'library' && type !== 'file') ?? types[0] ?? 'library';
}

/** Finds by purl without its version, by key, or by name. Of several, the one whose place shares most with `path`. */
function finderOf(things: readonly Thing[]): Things['find'] {
  const byName = groupBy(
    things.flatMap((thing) => namesOf(thing).map((name) => ({ name, thing }))),
    ({ name }) => name,
  );
  return (target, path) => {
    const candidates = byName.get(keyOf(target)) ?? [];
    let best: Thing | undefined;
    let most = -1;
    for (const { thing } of candidates) {
      const shared = thing.path === undefined ? 0 : 1 + sharedSegments(thing.path, path);
      if (shared > most) [best, most] = [thing, shared];
    }
    return best?.ref;
  };
}

function namesOf(thing: Thing): string[] {
  const purl = purlOf(thing);
  const key = purl === undefined ? undefined : keyOf({ name: '', purl });
  // `pkg:deb/debian/libc6` means the one that is there, whatever its architecture and distribution.
  const plain = key?.replace(/[?#].*$/, '');
  return [...new Set([key, plain, thing.key.toLowerCase()])].filter((name) => name !== undefined);
}

function sharedSegments(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared++;
  return shared;
}

/** What holds what lies below it; an operating system is where its release file is, below its root. */
const holders = new Set<ComponentType>(['platform', 'operating-system']);

function rootOf({ path = '', facts }: Thing): string {
  if (!facts.some(({ type }) => type === 'operating-system')) return path;
  return path.replace(/\/?(?:usr\/lib|etc)\/os-release$/, '') || '.';
}

/** What lies in each environment, and in none nearer. */
function containment(placed: readonly Thing[]): ReadonlyMap<string, readonly string[]> {
  const environments = placed
    .filter(({ facts }) => facts.some(({ type }) => holders.has(type)))
    .sort((a, b) => rootOf(b).length - rootOf(a).length);
  return groupRefs(placed, (thing) =>
    environments.find((each) => each.ref !== thing.ref && isWithin(thing.path ?? '', rootOf(each))),
  );
}

function groupRefs(
  things: readonly Thing[],
  holderOf: (thing: Thing) => Thing | undefined,
): ReadonlyMap<string, readonly string[]> {
  const groups = groupBy(things, (thing) => holderOf(thing)?.ref);
  return new Map([...groups].map(([ref, held]) => [ref, held.map((each) => each.ref)]));
}
