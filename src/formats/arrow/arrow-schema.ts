import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import type { FlatTable } from './flat-table.ts';

export interface ArrowSchema {
  readonly columns: readonly DatasetColumn[];
  readonly keyValues: ReadonlyMap<string, string>;
}

/**
 * The schema of an Arrow table (format/Schema.fbs), its types in the words of pyarrow.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT`, also where fields share places and would multiply
 */
export function arrowSchema(schema: FlatTable): ArrowSchema {
  let fields = 0;
  let text = 0;
  const columns: DatasetColumn[] = [];
  for (const field of schema.tables(1)) {
    const { name, type } = read(field, 0);
    columns.push([name, type]);
  }
  const keyValues = new Map<string, string>();
  for (const pair of schema.tables(2)) {
    count();
    keyValues.set(textOf(pair, 0), textOf(pair, 1));
  }
  return { columns, keyValues };

  function read(field: FlatTable, depth: number): Field {
    if (depth > limits.datasetTypeDepth) throw tooMuch('types are nested too deeply');
    count();
    const name = textOf(field, 0);
    const children: Field[] = [];
    for (const child of field.tables(5)) children.push(read(child, depth + 1));
    const type = typeName(field.u8(2), field.table(3), children, textOf);
    const dictionary = field.table(4);
    if (!dictionary) return { name, type, children };
    const index = dictionary.table(1);
    const indices = index ? intName(index) : 'int32';
    return { name, type: `dictionary<values=${type}, indices=${indices}>`, children };
  }

  function count(): void {
    if (++fields > limits.datasetColumns) throw tooMuch(`more than ${limits.datasetColumns} fields`);
  }

  function textOf(table: FlatTable, field: number): string {
    const value = table.text(field) ?? '';
    text += value.length;
    if (text > limits.arrowMessageBytes) throw tooMuch('names that take more than the schema');
    return value;
  }
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly children: readonly Field[];
}

const precisions = ['halffloat', 'float', 'double'];
const units = ['s', 'ms', 'us', 'ns'];

/** By number of the union Type. */
function typeName(
  kind: number,
  type: FlatTable | undefined,
  children: readonly Field[],
  textOf: (table: FlatTable, field: number) => string,
): string {
  const inner = typesOf(children);
  switch (kind) {
    case 2:
      return type ? intName(type) : 'int';
    case 3:
      return precisions[type?.i16(0) ?? 0] ?? 'float';
    case 7:
      return `decimal${type?.i32(2, 128) ?? 128}(${type?.i32(0) ?? 0}, ${type?.i32(1) ?? 0})`;
    case 8:
      return type?.i16(0, 1) === 0 ? 'date32[day]' : 'date64[ms]';
    case 9:
      return `time${type?.i32(1, 32) ?? 32}[${units[type?.i16(0, 1) ?? 1] ?? ''}]`;
    case 10: {
      const zone = type ? textOf(type, 1) : '';
      return `timestamp[${units[type?.i16(0) ?? 0] ?? ''}${zone ? `, tz=${zone}` : ''}]`;
    }
    case 13:
      return `struct<${children.map((child) => `${child.name}: ${child.type}`).join(', ')}>`;
    case 15:
      return `fixed_size_binary[${type?.i32(0) ?? 0}]`;
    case 16:
      return `fixed_size_list<${inner}>[${type?.i32(0) ?? 0}]`;
    case 17:
      // Its only child is a struct of key and value.
      return `map<${typesOf(children.flatMap((entries) => entries.children))}>`;
    case 18:
      return `duration[${units[type?.i16(0, 1) ?? 1] ?? ''}]`;
    default: {
      const name = typeNames[kind] ?? `unknown ${kind}`;
      return children.length > 0 ? `${name}<${inner}>` : name;
    }
  }
}

const typeNames: Readonly<Record<number, string>> = {
  1: 'null',
  4: 'binary',
  5: 'string',
  6: 'bool',
  11: 'interval',
  12: 'list',
  14: 'union',
  19: 'large_binary',
  20: 'large_string',
  21: 'large_list',
  22: 'run_end_encoded',
  23: 'binary_view',
  24: 'string_view',
  25: 'list_view',
  26: 'large_list_view',
};

function typesOf(fields: readonly Field[]): string {
  return fields.map(({ type }) => type).join(', ');
}

function intName(type: FlatTable): string {
  return `${type.u8(1) === 0 ? 'u' : ''}int${type.i32(0)}`;
}

function tooMuch(what: string): MlbomError {
  return new MlbomError('E_LIMIT', `arrow: ${what}`, { rule: 'arrow-schema' });
}
