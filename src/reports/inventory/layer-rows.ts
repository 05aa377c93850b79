import type { Bom, Component } from '../../core/bom.ts';
import { propertyOf } from '../../core/components-of.ts';
import { groupBy } from '../../core/group-by.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { numberAt } from '../../core/json-access.ts';
import { formatBytes } from '../format-bytes.ts';

export const layerColumns = [
  { title: 'LAYER', align: 'right' },
  { title: 'DIFFID', shrink: 2 },
  { title: 'BYTES', align: 'right' },
  { title: 'FILES', align: 'right' },
  { title: 'REMOVED', align: 'right', shrink: 3 },
  { title: 'PACKAGES', align: 'right' },
  { title: 'CREATED BY', shrink: 4 },
] as const;

/** True for a layer of an image, or a blob of a model artifact. */
export function isLayer(component: Component): boolean {
  return propertyOf(component, 'mlbom:oci:layer-index') !== undefined;
}

/** The rows of layers: what each brings, takes away, and which command made it. */
export function layerRow(bom: Bom): (layer: Component) => string[] {
  const packages = groupBy(bom.components ?? [], (each) => propertyOf(each, 'mlbom:oci:introduced-by'));
  return (layer) => {
    const diffId = propertyOf(layer, 'mlbom:oci:diff-id');
    const changes = changesOf(layer);
    const bytes = propertyOf(layer, 'mlbom:oci:size-unpacked') ?? propertyOf(layer, 'mlbom:oci:size');
    return [
      propertyOf(layer, 'mlbom:oci:layer-index') ?? '-',
      shortDigest(diffId ?? layer.hashes?.[0]?.content) ?? '-',
      bytes === undefined ? '-' : formatBytes(Number(bytes)),
      count(changes, 'added', 'replaced'),
      count(changes, 'removed'),
      diffId === undefined ? '-' : String(packages.get(diffId)?.length ?? 0),
      propertyOf(layer, 'mlbom:oci:created-by') ?? (layer.name.startsWith('layer ') ? '-' : layer.name),
    ];
  };
}

function shortDigest(digest: string | undefined): string | undefined {
  return digest?.replace(/^sha(?:256|512):/, '').slice(0, 12);
}

function changesOf(layer: Component): unknown {
  const text = propertyOf(layer, 'mlbom:oci:layer-files');
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    // The BOM may be anybody's.
    return undefined;
  }
}

function count(changes: unknown, ...names: string[]): string {
  if (!isObject(changes)) return '-';
  return String(names.reduce((sum, name) => sum + (numberAt(changes, name) ?? 0), 0));
}
