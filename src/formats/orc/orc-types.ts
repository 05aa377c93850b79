import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';

/** A node of the tree of types, which refers to its children by their place in the list. */
export interface OrcType {
  readonly kind: number;
  readonly children: readonly number[];
  /** The fields of a struct. */
  readonly names: readonly string[];
  readonly precision: number;
  readonly scale: number;
}

/** By number of Type.Kind (orc_proto.proto). */
const kinds = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'float',
  'double',
  'string',
  'binary',
  'timestamp[ns]',
  'list',
  'map',
  'struct',
  'union',
  'decimal128',
  'date32[day]',
  'string',
  'string',
  'timestamp[ns, tz=UTC]',
];

/**
 * The columns of the root, the first type.
 * @throws MlbomError `E_MALFORMED` unless the types are a tree whose parents stand first, `E_LIMIT`
 */
export function orcColumns(types: readonly OrcType[]): DatasetColumn[] {
  const used = new Set<number>();
  const root = types[0];
  if (!root) return [];
  if (kinds[root.kind] !== 'struct') return [['value', typeName(0, 0)]];
  return root.children.map((child, index) => [root.names[index] ?? '', typeName(child, 1)]);

  function typeName(place: number, depth: number): string {
    const type = types[place];
    // A type that two others share would make the text of a tree endless.
    if (!type || used.has(place))
      throw new MlbomError('E_MALFORMED', 'orc: the types are no tree', { rule: 'orc-types' });
    if (depth > limits.datasetTypeDepth)
      throw new MlbomError('E_LIMIT', 'orc: types are nested too deeply', { rule: 'orc-depth' });
    used.add(place);
    const name = kinds[type.kind] ?? `unknown ${type.kind}`;
    const children = type.children.map((child) => typeName(child, depth + 1));
    if (name === 'decimal128') return `decimal128(${type.precision}, ${type.scale})`;
    if (name === 'struct')
      return `struct<${children.map((child, index) => `${type.names[index] ?? ''}: ${child}`).join(', ')}>`;
    return children.length > 0 ? `${name}<${children.join(', ')}>` : name;
  }
}
