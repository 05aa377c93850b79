import type { Bom } from '../core/bom.ts';
import { MlbomError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { Resolver } from './canonical-text.ts';
import { withNested, type Part } from './part.ts';

/** Everything in a BOM that a `bom-ref` or a pointer can lead to. */
export interface References {
  readonly targets: ReadonlyMap<string, JsonObject>;
  readonly parts: ReadonlyMap<JsonObject, Part>;
  /** Made when first asked for: few BOMs cite. */
  readonly partsByPointer: () => ReadonlyMap<string, Part>;
}

/** Finds what references lead to. */
export function referencesOf(bom: Bom, parts: readonly Part[]): References {
  const targets = new Map<string, JsonObject>();
  collect(bom, targets, 0);
  const partsByComponent = new Map<JsonObject, Part>();
  for (const part of withNested(parts)) partsByComponent.set(part.component, part);
  let byPointer: Map<string, Part> | undefined;
  return {
    targets,
    parts: partsByComponent,
    partsByPointer: () =>
      (byPointer ??= new Map([...partsByComponent.values()].map((part) => [part.pointer, part]))),
  };
}

/** The component of the inventory that a `bom-ref` leads to. */
export function partAt(references: References, ref: string): Part | undefined {
  const target = references.targets.get(ref);
  return target && references.parts.get(target);
}

/** Resolves references to what `nameOf` calls their components, and to the look of everything else. */
export function resolverOf(references: References, nameOf: (part: Part) => string | undefined): Resolver {
  return {
    ref(ref) {
      const target = references.targets.get(ref);
      if (target === undefined) return ref;
      const part = references.parts.get(target);
      return part ? nameOf(part) : lookOf(target);
    },
    pointer(pointer) {
      const steps = pointer.replace(/^#/, '').split('/');
      // No component lies deeper than this; a pointer of a million steps must not cost their square.
      for (let end = Math.min(steps.length, 2 * limits.jsonDepth); end > 0; end--) {
        const part = references.partsByPointer().get(steps.slice(0, end).join('/'));
        const name = part && nameOf(part);
        if (part && name === undefined) return undefined;
        if (part) return `${name}${withoutPositions(steps.slice(end))}`;
      }
      return withoutPositions(steps);
    },
  };
}

/** What a thing is called, for telling references apart before components are matched. */
export function lookOf(target: JsonObject): string {
  const names = [
    'type',
    'group',
    'name',
    'version',
    'purl',
    'uid',
    'id',
    'title',
    'url',
    'expression',
    'location',
  ];
  return names.map((name) => (typeof target[name] === 'string' ? target[name] : '')).join('\u0000');
}

/** Positions in lists say nothing, as order says nothing. */
function withoutPositions(steps: readonly string[]): string {
  return steps.map((step) => (/^\d+$/.test(step) ? '/*' : `/${step}`)).join('');
}

function collect(value: unknown, targets: Map<string, JsonObject>, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > limits.jsonDepth)
    throw new MlbomError('E_LIMIT', 'the BOM is nested too deeply', { rule: 'json-depth' });
  if (isObject(value) && typeof value['bom-ref'] === 'string') targets.set(value['bom-ref'], value);
  for (const name in value) {
    const item = (value as Record<string, unknown>)[name];
    if (typeof item === 'object') collect(item, targets, depth + 1);
  }
}
