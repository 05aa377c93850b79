import { PackageURL } from 'packageurl-js';
import type { Attribute, Fact, Relation } from '../core/fact.ts';
import { packagePurl } from '../core/package-purl.ts';

/** Packages of a system, whose versions mean something only within one release of it; keys are `deb:<root>:…`. */
const kinds = ['deb', 'rpm', 'apk'] as const;
const systemKey = 'operating-system:';

/**
 * The facts with the system in the package URLs of its packages: `?arch=amd64&distro=debian-12` (purl-spec, deb, rpm
 * and apk; vulnerability databases look releases up by it). The system of a package is the one whose release file lies
 * in the root that the package is installed in. Facts that know no system stay as they are.
 */
export function withDistro(facts: readonly Fact[]): readonly Fact[] {
  const distros = distrosByRoot(facts);
  if (distros.size === 0) return facts;
  return facts.map((fact) => {
    const distro = fact.about.kind === 'component' ? distroOf(fact.about.key, distros) : undefined;
    if (distro === undefined) return fact;
    return {
      ...fact,
      attributes: fact.attributes.map((attribute) => named(attribute, distro)),
      relations: fact.relations.map((relation) => needed(relation, distro)),
    };
  });
}

/** `debian-12` by root directory; of a system without releases, by the name of the coming one. */
function distrosByRoot(facts: readonly Fact[]): ReadonlyMap<string, string> {
  const distros = new Map<string, string>();
  for (const { about, attributes } of facts) {
    if (about.kind !== 'component' || !about.key.startsWith(systemKey)) continue;
    const name = textOf(attributes, 'name')?.toLowerCase();
    const release = textOf(attributes, 'version') ?? codename(attributes);
    const root = about.key.slice(systemKey.length);
    if (name === undefined || release === undefined || distros.has(root)) continue;
    if (/^[a-z0-9._-]{1,64}$/.test(name) && /^[\w.+~-]{1,64}$/.test(release))
      distros.set(root, `${name}-${release}`);
  }
  return distros;
}

/** A root may have any name, with colons in it, so that the longest one that fits is meant. */
function distroOf(key: string, distros: ReadonlyMap<string, string>): string | undefined {
  if (!kinds.some((kind) => key.startsWith(`${kind}:`))) return undefined;
  const rest = key.slice(key.indexOf(':') + 1);
  let root: string | undefined;
  for (const each of distros.keys()) {
    if (rest.startsWith(`${each}:`) && each.length >= (root?.length ?? 0)) root = each;
  }
  return root === undefined ? undefined : distros.get(root);
}

function named(attribute: Attribute, distro: string): Attribute {
  return attribute.name === 'purl' ? { ...attribute, value: qualified(attribute.value, distro) } : attribute;
}

/** What a package of the system needs is a package of the system. */
function needed(relation: Relation, distro: string): Relation {
  if (relation.type !== 'depends-on' || relation.to.purl === undefined) return relation;
  return { ...relation, to: { ...relation.to, purl: qualified(relation.to.purl, distro) } };
}

function qualified(text: string, distro: string): string {
  const [, kind] = /^pkg:([a-z]+)\//.exec(text) ?? [];
  if (!kinds.some((each) => each === kind)) return text;
  try {
    const { type, namespace, name, version, qualifiers, subpath } = PackageURL.fromString(text);
    if (qualifiers?.['distro'] !== undefined) return text;
    const parts = { name, qualifiers: { ...qualifiers, distro } };
    return (
      packagePurl(type, {
        ...parts,
        namespace: namespace ?? undefined,
        version: version ?? undefined,
        subpath: subpath ?? undefined,
      }) ?? text
    );
  } catch {
    // Whoever made it knows why; it is no worse than before.
    return text;
  }
}

function textOf(attributes: readonly Attribute[], name: 'name' | 'version'): string | undefined {
  const found = attributes.find((each) => each.name === name);
  return typeof found?.value === 'string' ? found.value : undefined;
}

function codename(attributes: readonly Attribute[]): string | undefined {
  const prefix = 'VERSION_CODENAME=';
  for (const { name, value } of attributes) {
    if (name === 'mlbom:environment' && value.startsWith(prefix)) return value.slice(prefix.length);
  }
  return undefined;
}
