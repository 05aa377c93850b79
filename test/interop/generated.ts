import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Component } from '../../src/core/bom.ts';
import { componentsOf } from '../../src/core/components-of.ts';
import type { ByteRange, ByteSource } from '../../src/core/entry.ts';
import { generate, type Generated } from '../../src/operations/generate.ts';
import { memorySource } from '../fixtures/byte-source.ts';

export const timestamp = '2026-01-01T00:00:00Z';

/** The BOM of one source, with a digest of each tensor. */
export async function generated(source: string): Promise<Generated> {
  return generate({ sources: [source], timestamp, tensorDigests: true });
}

export function sourceOf(path: string): ByteSource {
  return memorySource(readFileSync(path));
}

/** SHA-256 of a part of a file, in hex. */
export function digestOf(path: string, { offset, length }: ByteRange): string {
  return createHash('sha256')
    .update(readFileSync(path).subarray(offset, offset + length))
    .digest('hex');
}

/** The component with this `bom-ref`, at any depth. */
export function componentAt({ bom }: Generated, ref: string): Component {
  for (const { component } of componentsOf(bom)) if (component['bom-ref'] === ref) return component;
  throw new Error(`no component ${ref}`);
}

/** The value of a property that stands there once. */
export function propertyOf(component: Component, name: string): string | undefined {
  return component.properties?.find((property) => property.name === name)?.value;
}

/** The SHA-256 of every tensor in the sidecar's tables, by file and tensor name. */
export function tensorDigests({ details }: Generated): Record<string, string | undefined> {
  const tables = details
    .flat()
    .flatMap(({ path, tensors = [] }) => tensors.map((tensor) => [path, tensor] as const));
  return Object.fromEntries(tables.map(([path, tensor]) => [`${path} ${tensor.name}`, tensor.sha256]));
}

/** What the BOM says of a model's tensors: how many, and how many elements of each type. */
export function totalsOf(component: Component): Totals {
  return {
    tensors: Number(propertyOf(component, 'mlbom:model:tensors')),
    parameters: Number(propertyOf(component, 'mlbom:model:parameters')),
    byDtype: JSON.parse(propertyOf(component, 'mlbom:model:parameters-by-dtype') ?? '') as Record<
      string,
      number
    >,
  };
}

/** The same, added up from a peer's list of tensors. */
export function addedUp(tensors: readonly { dtype: string; shape: readonly number[] }[]): Totals {
  const byDtype: Record<string, number> = {};
  for (const { dtype, shape } of tensors) {
    byDtype[dtype] = (byDtype[dtype] ?? 0) + shape.reduce((product, dimension) => product * dimension, 1);
  }
  const parameters = Object.values(byDtype).reduce((sum, count) => sum + count, 0);
  return { tensors: tensors.length, parameters, byDtype };
}

interface Totals {
  readonly tensors: number;
  readonly parameters: number;
  readonly byDtype: Readonly<Record<string, number>>;
}
