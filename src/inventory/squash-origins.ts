import type { Fact } from '../core/fact.ts';
import { compareCodePoints } from '../core/order.ts';

/** A package that a layer stated and that the whole image does not state any more. Layers are indexes, lowest first. */
export interface RemovedPackage {
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  /** The layer that introduced it. */
  readonly layer: number;
  /** The layer that removed it, or wrote its database without it. */
  readonly removedBy: number;
  /** The version that the image has in its place. */
  readonly now?: string;
}

/** What the layers did to one file that states components: `stated` is undefined where it was taken away. */
interface Version {
  readonly layer: number;
  readonly stated: ReadonlySet<string> | undefined;
}

/** The versions of one path, lowest layer first. */
export interface History {
  readonly versions: Version[];
}

/** Adds what a layer's version of the file states; without facts, that it is gone. */
export function addVersion(history: History, layer: number, facts: readonly Fact[] | undefined): void {
  const last = history.versions.at(-1);
  // Of two in one layer the last one counts: nobody ever saw the other.
  if (last?.layer === layer && last.stated) history.versions.pop();
  const stated = facts && new Set(facts.flatMap((fact) => identityOf(fact) ?? []));
  history.versions.push({ layer, stated });
}

/** True for facts that say which component they are about. */
export function statesComponents(facts: readonly Fact[]): boolean {
  return facts.some((fact) => identityOf(fact) !== undefined);
}

/**
 * The layer that brought a component, for each one that the last version of a file states: the lowest one from which on
 * every version states it. A package database is written anew by each layer, so that its packages are compared and not
 * its bytes; what was removed and came again belongs to the later layer.
 */
export function originsOf({ versions }: History): (fact: Fact) => number | undefined {
  const origins = new Map<string, number>();
  const last = versions.at(-1);
  for (const identity of last?.stated ?? []) origins.set(identity, last?.layer ?? 0);
  const open = new Set(last?.stated);
  for (let index = versions.length - 2; index >= 0 && open.size > 0; index--) {
    const { layer, stated } = versions[index] ?? { layer: 0, stated: undefined };
    if (!stated) break;
    for (const identity of open) {
      if (stated.has(identity)) origins.set(identity, layer);
      else open.delete(identity);
    }
  }
  return (fact) => {
    const identity = identityOf(fact);
    return identity === undefined ? undefined : origins.get(identity);
  };
}

/** Installed packages that some layer stated and that `shown`, the facts of the whole image, do not, by name. */
export function removedPackages(
  histories: Iterable<History>,
  shown: readonly Fact[],
): readonly RemovedPackage[] {
  const there = new Set<string>();
  const versions = new Map<string, string>();
  for (const fact of shown) {
    const component = componentOf(fact);
    if (!component) continue;
    there.add(withoutKey(component));
    versions.set(nameKey(component), component.version ?? '');
  }
  const removed = new Map<string, RemovedPackage>();
  for (const { versions: all } of histories) {
    for (const { identity, layer, removedBy } of endsOf(all)) {
      const component = componentFrom(identity);
      const { name, version, purl, installed } = component;
      const key = withoutKey(component);
      if (!installed || there.has(key)) continue;
      const known = removed.get(key);
      if (known && known.removedBy >= removedBy) continue;
      const now = versions.get(nameKey(component));
      removed.set(key, {
        name,
        ...(version === undefined ? {} : { version }),
        ...(purl === undefined ? {} : { purl }),
        layer,
        removedBy,
        ...(now === undefined || now === '' ? {} : { now }),
      });
    }
  }
  return [...removed].sort(([a], [b]) => compareCodePoints(a, b)).map(([, each]) => each);
}

/** Every unbroken run of versions that state something, and the layer that ended it. */
function* endsOf(
  versions: readonly Version[],
): Generator<{ readonly identity: string; readonly layer: number; readonly removedBy: number }> {
  const running = new Map<string, number>();
  for (const { layer, stated } of versions) {
    for (const [identity, first] of running) {
      if (stated?.has(identity)) continue;
      running.delete(identity);
      yield { identity, layer: first, removedBy: layer };
    }
    for (const identity of stated ?? []) if (!running.has(identity)) running.set(identity, layer);
  }
}

/** What makes two statements be about the same component. */
interface Component {
  readonly key: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
  /** Its files are there: not what a lockfile names, or an archive holds. */
  readonly installed: boolean;
}

function componentOf({ about, attributes }: Fact): Component | undefined {
  if (about.kind !== 'component') return undefined;
  const texts = new Map<string, string>();
  for (const { name, value } of attributes)
    if (typeof value === 'string' && !texts.has(name)) texts.set(name, value);
  const name = texts.get('name');
  if (name === undefined) return undefined;
  const installed = texts.get('mlbom:package:basis') === 'installed';
  return { key: about.key, name, version: texts.get('version'), purl: texts.get('purl'), installed };
}

/** A component as text, from which it can be made again. */
function identityOf(fact: Fact): string | undefined {
  const component = componentOf(fact);
  if (!component) return undefined;
  const { key, name, version, purl, installed } = component;
  return JSON.stringify([key, name, version ?? null, purl ?? null, installed]);
}

function componentFrom(identity: string): Component {
  const [key, name, version, purl, installed] = JSON.parse(identity) as [
    string,
    string,
    string | null,
    string | null,
    boolean,
  ];
  return { key, name, version: version ?? undefined, purl: purl ?? undefined, installed };
}

/** Wherever it is installed. */
function withoutKey({ name, version, purl }: Component): string {
  return JSON.stringify([name, version ?? null, purl ?? null]);
}

/** Whatever its version is. */
function nameKey({ name, purl }: Component): string {
  return purl === undefined ? name : purl.replace(/@.*$/, '');
}
