import { MlbomError } from '../../core/errors.ts';
import { isObject, type JsonValue } from '../../core/json.ts';
import { numberAt, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';

const primitives: Readonly<Record<string, string>> = {
  int: 'int32',
  long: 'int64',
  boolean: 'bool',
  bytes: 'binary',
};
/** By logical type, where it says all by itself. */
const logicalTypes: Readonly<Record<string, string>> = {
  date: 'date32[day]',
  'time-millis': 'time32[ms]',
  'time-micros': 'time64[us]',
  'timestamp-millis': 'timestamp[ms, tz=UTC]',
  'timestamp-micros': 'timestamp[us, tz=UTC]',
  'timestamp-nanos': 'timestamp[ns, tz=UTC]',
  'local-timestamp-millis': 'timestamp[ms]',
  'local-timestamp-micros': 'timestamp[us]',
  uuid: 'uuid',
};

/** The fields of a record, or the one value that each row is (avro.apache.org, "Schema Declaration"). */
export function avroColumns(schema: JsonValue): DatasetColumn[] {
  const fields = valueAt(schema, 'fields');
  if (textAt(schema, 'type') !== 'record' || !Array.isArray(fields)) return [['value', typeName(schema, 0)]];
  if (fields.length > limits.datasetColumns)
    throw new MlbomError('E_LIMIT', `avro: ${fields.length} fields`, { rule: 'avro-fields' });
  return fields.map((field) => [textAt(field, 'name') ?? '', typeName(valueAt(field, 'type'), 1)]);
}

function typeName(type: unknown, depth: number): string {
  if (depth > limits.datasetTypeDepth)
    throw new MlbomError('E_LIMIT', 'avro: types are nested too deeply', { rule: 'avro-depth' });
  if (typeof type === 'string') return Object.hasOwn(primitives, type) ? (primitives[type] ?? type) : type;
  if (Array.isArray(type)) {
    const names = type.filter((item) => item !== 'null').map((item) => typeName(item, depth + 1));
    return names.length === 1 ? (names[0] ?? '') : `union<${names.join(', ')}>`;
  }
  if (!isObject(type)) return 'unknown';
  const logical = textAt(type, 'logicalType');
  if (logical === 'decimal')
    return `decimal128(${numberAt(type, 'precision') ?? 0}, ${numberAt(type, 'scale') ?? 0})`;
  if (logical !== undefined && Object.hasOwn(logicalTypes, logical)) return logicalTypes[logical] ?? logical;
  const kind = valueAt(type, 'type');
  switch (kind) {
    case 'array':
      return `list<${typeName(valueAt(type, 'items'), depth + 1)}>`;
    case 'map':
      return `map<string, ${typeName(valueAt(type, 'values'), depth + 1)}>`;
    case 'fixed':
      return `fixed_size_binary[${numberAt(type, 'size') ?? 0}]`;
    case 'record': {
      const fields = valueAt(type, 'fields');
      const list = Array.isArray(fields) ? fields : [];
      const parts = list.map(
        (field) => `${textAt(field, 'name') ?? ''}: ${typeName(valueAt(field, 'type'), depth + 1)}`,
      );
      return `struct<${parts.join(', ')}>`;
    }
    default:
      return typeName(kind, depth + 1);
  }
}
