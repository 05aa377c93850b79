import type { Bom } from '../core/bom.ts';
import { MlbomError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { hashAlgorithm } from './canonical-text.ts';

/**
 * A component in its place, read without trust in its shape: what has the wrong type counts as absent here and still
 * shows as a difference of its field.
 */
export interface Part {
  readonly component: JsonObject;
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly parent: Part | undefined;
  readonly children: readonly Part[];
  readonly role: 'subject' | 'component' | 'ancestor';
  readonly type: string;
  readonly group: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
  /** Path within the artifact, for files. */
  readonly path: string | undefined;
}

/** The subject and the components of a BOM, as trees. */
export function partsOf(bom: Bom): Part[] {
  const subject: unknown = bom.metadata?.component;
  return [
    ...(isObject(subject) ? [partOf(subject, '/metadata/component', undefined, 'subject', 0)] : []),
    ...partList(bom.components, '/components', undefined, 'component', 0),
  ];
}

/** The ancestors in a part's pedigree. */
export function ancestorsOf(part: Part): Part[] {
  const pedigree = part.component['pedigree'];
  if (!isObject(pedigree)) return [];
  return partList(pedigree['ancestors'], `${part.pointer}/pedigree/ancestors`, part, 'ancestor', 0);
}

/** A part and all that it nests, depth first. */
export function* withNested(parts: readonly Part[]): Generator<Part> {
  for (const part of parts) {
    yield part;
    yield* withNested(part.children);
  }
}

/** `group/name`, or the name alone. */
export function qualifiedName({ group, name }: Part): string {
  return group === '' ? name : `${group}/${name}`;
}

/** The values of all properties of that name. */
export function propertyValues(part: Part, name: string): string[] {
  return list(part.component['properties']).flatMap((property) =>
    isObject(property) && property['name'] === name && typeof property['value'] === 'string'
      ? [property['value']]
      : [],
  );
}

/** Digests by algorithm, sorted where there are several of one. */
export function digestsOf(part: Part): Map<string, string> {
  const digests = new Map<string, Set<string>>();
  for (const hash of list(part.component['hashes'])) {
    if (!isObject(hash)) continue;
    const { alg, content } = hash;
    if (typeof alg !== 'string' || typeof content !== 'string') continue;
    const algorithm = hashAlgorithm(alg);
    const others = digests.get(algorithm) ?? new Set();
    digests.set(algorithm, others.add(content.toLowerCase()));
  }
  return new Map([...digests].map(([algorithm, contents]) => [algorithm, [...contents].sort().join(' ')]));
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function partList(
  components: unknown,
  pointer: string,
  parent: Part | undefined,
  role: Part['role'],
  depth: number,
): Part[] {
  return list(components).flatMap((component, index) =>
    isObject(component) ? [partOf(component, `${pointer}/${index}`, parent, role, depth)] : [],
  );
}

function partOf(
  component: JsonObject,
  pointer: string,
  parent: Part | undefined,
  role: Part['role'],
  depth: number,
): Part {
  if (depth > limits.jsonDepth) {
    throw new MlbomError('E_LIMIT', 'components are nested too deeply', {
      subject: pointer,
      rule: 'json-depth',
    });
  }
  const children: Part[] = [];
  const type = text(component['type']) ?? '';
  const name = text(component['name']) ?? '';
  const part: Part = {
    component,
    pointer,
    parent,
    children,
    role,
    type,
    group: text(component['group']) ?? '',
    name,
    version: text(component['version']),
    purl: text(component['purl']),
    path: filePath(component) ?? (type === 'file' ? name : undefined),
  };
  const nested = role === 'subject' ? 'component' : role;
  children.push(...partList(component['components'], `${pointer}/components`, part, nested, depth + 1));
  return part;
}

function filePath(component: JsonObject): string | undefined {
  for (const property of list(component['properties'])) {
    if (isObject(property) && property['name'] === 'mlbom:file:path') return text(property['value']);
  }
  return undefined;
}
