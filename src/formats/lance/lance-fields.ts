import type { ByteRange } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import type { ProtobufReader } from '../protobuf.ts';

/** A column or a part of one (lance, file.proto, Field); parents stand before their children. */
export interface LanceField {
  readonly name: string;
  readonly id: number;
  readonly parent: number;
  /** `int64`, `struct`, `list`, `fixed_size_list:float:384`, … */
  readonly type: string;
}

const longestText = 64 * 1024;

/** Reads one Field into the list. */
export async function readLanceField(
  reader: ProtobufReader,
  range: ByteRange,
  fields: LanceField[],
): Promise<void> {
  if (fields.length >= limits.datasetColumns)
    throw new MlbomError('E_LIMIT', `lance: more than ${limits.datasetColumns} fields`, {
      rule: 'lance-fields',
    });
  let [name, type, id, parent] = ['', '', 0, 0];
  await reader.message(range, ({ number, wire, varint, range: inner }) => {
    // 32-bit numbers are written with 64 bits when they are negative.
    if (number === 3 && wire === 'varint') id = Number(BigInt.asIntN(32, varint));
    if (number === 4 && wire === 'varint') parent = Number(BigInt.asIntN(32, varint));
    if (wire !== 'bytes' || (number !== 2 && number !== 5)) return undefined;
    return reader.text(inner, longestText).then((text) => {
      if (number === 2) name = text;
      else type = text;
    });
  });
  fields.push({ name, id, parent, type });
}

/** The fields without a parent, each with the types of what is in it. */
export function lanceColumns(fields: readonly LanceField[]): DatasetColumn[] {
  const children = new Map<number, LanceField[]>();
  for (const field of fields) {
    const siblings = children.get(field.parent);
    if (siblings) siblings.push(field);
    else children.set(field.parent, [field]);
  }
  const seen = new Set<LanceField>();
  return (children.get(-1) ?? []).map((field) => [field.name, typeName(field, 0)]);

  function typeName(field: LanceField, depth: number): string {
    // Fields that name each other as parents, or one id twice, are no tree.
    if (seen.has(field) || depth > limits.datasetTypeDepth)
      throw new MlbomError('E_MALFORMED', 'lance: the fields are no tree', { rule: 'lance-fields' });
    seen.add(field);
    const fixed = fixedSizeList(field.type);
    if (fixed !== undefined) return fixed;
    const inner = (children.get(field.id) ?? []).map(
      (child) => [child.name, typeName(child, depth + 1)] as const,
    );
    if (field.type === 'struct')
      return `struct<${inner.map(([name, type]) => `${name}: ${type}`).join(', ')}>`;
    const [only] = inner;
    return only ? `${field.type.replace(/\..*$/s, '')}<${only[1]}>` : field.type;
  }
}

/** The length of the vectors of a column type, or undefined. */
export function vectorLength(type: string): number | undefined {
  const digits = /^fixed_size_list<(?:float|double|halffloat|bfloat16|int8|uint8)>\[(\d{1,7})\]$/.exec(
    type,
  )?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function fixedSizeList(type: string): string | undefined {
  const [, element, length] = /^fixed_size_list:([\w.]{1,64}):(\d{1,10})$/.exec(type) ?? [];
  return element === undefined || length === undefined
    ? undefined
    : `fixed_size_list<${element.replace(/^lance\./, '')}>[${length}]`;
}
