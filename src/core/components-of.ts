import type { Bom, Component } from './bom.ts';

/** A component with its place in the document. */
export interface PlacedComponent {
  readonly component: Component;
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  /** The component that nests it. */
  readonly parent: PlacedComponent | undefined;
}

/**
 * Every component of the inventory, depth first: the subject, what it nests, then `components`.
 * Ancestors in a pedigree and tools are not part of the inventory and are left out.
 */
export function* componentsOf(bom: Bom): Generator<PlacedComponent> {
  const subject = bom.metadata?.component;
  if (subject) yield* withNested({ component: subject, pointer: '/metadata/component', parent: undefined });
  yield* list(bom.components, '', undefined);
}

function* withNested(placed: PlacedComponent): Generator<PlacedComponent> {
  yield placed;
  yield* list(placed.component.components, placed.pointer, placed);
}

function* list(
  components: readonly Component[] | undefined,
  pointer: string,
  parent: PlacedComponent | undefined,
): Generator<PlacedComponent> {
  for (const [index, component] of (components ?? []).entries()) {
    yield* withNested({ component, pointer: `${pointer}/components/${index}`, parent });
  }
}

/** `NAME`, or `NAME@VERSION` where there is a version. */
export function labelOf({ name, version }: Pick<Component, 'name' | 'version'>): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** The value of the component's first property of that name. */
export function propertyOf(component: Pick<Component, 'properties'>, name: string): string | undefined {
  return component.properties?.find((property) => property.name === name)?.value;
}
