import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import type { ThriftReader } from '../thrift.ts';

/** One node of the schema tree, which the file has flattened, parents first (parquet.thrift, SchemaElement). */
export interface SchemaElement {
  readonly name: string;
  readonly children: number;
  readonly repeated: boolean;
  /** Physical type: 0 BOOLEAN … 7 FIXED_LEN_BYTE_ARRAY; a group has none. */
  readonly physical?: number;
  readonly bytes?: number;
  readonly converted?: number;
  readonly scale: number;
  readonly precision: number;
  readonly logical?: LogicalType;
}

/** The field of the union LogicalType that is set, and its parameters. */
interface LogicalType {
  readonly field: number;
  readonly utc: boolean;
  /** 1 milliseconds, 2 microseconds, 3 nanoseconds */
  readonly unit: number;
  readonly bits: number;
  readonly signed: boolean;
}

/** Reads one SchemaElement. */
export function readElement(reader: ThriftReader): SchemaElement {
  const numbers = new Map<number, number>();
  let name = '';
  let logical: LogicalType | undefined;
  reader.struct((field, type) => {
    if (field === 4 && type === 'binary') name = reader.text();
    else if (field === 10 && type === 'struct') logical = readLogical(reader);
    else if (type === 'i32') numbers.set(field, Number(reader.integer()));
    else return false;
    return true;
  });
  const [physical, bytes, converted] = [numbers.get(1), numbers.get(2), numbers.get(6)];
  return {
    name,
    children: numbers.get(5) ?? 0,
    repeated: numbers.get(3) === 2,
    scale: numbers.get(7) ?? 0,
    precision: numbers.get(8) ?? 0,
    ...(physical === undefined ? {} : { physical }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(converted === undefined ? {} : { converted }),
    ...(logical === undefined ? {} : { logical }),
  };
}

function readLogical(reader: ThriftReader): LogicalType | undefined {
  let result: LogicalType | undefined;
  reader.struct((field, type) => {
    if (type !== 'struct') return false;
    let [utc, signed, unit, bits] = [false, false, 0, 0];
    reader.struct((inner, innerType) => {
      if (inner === 1) utc = innerType === 'true';
      if (inner === 2) signed = innerType === 'true';
      if (inner === 1 && innerType === 'i8') bits = reader.byte();
      else if (inner === 2 && innerType === 'struct') {
        reader.struct((which) => {
          unit = which;
          return false;
        });
      } else return false;
      return true;
    });
    result = { field, utc, unit, bits, signed };
    return true;
  });
  return result;
}

/** A node with all that is below it; `own` is its type when it is not repeated. */
interface Node {
  readonly element: SchemaElement;
  readonly own: string;
  readonly type: string;
  readonly children: readonly Node[];
}

/** The columns at the top of the tree. @throws MlbomError `E_MALFORMED` when it is no tree, `E_LIMIT` */
export function columnsOf(elements: readonly SchemaElement[]): DatasetColumn[] {
  let next = 0;
  const root = node(0);
  if (next < elements.length) throw malformed('more columns than its tree has places for');
  return root.children.map(({ element, type }) => [element.name, type]);

  function node(depth: number): Node {
    const element = elements[next++];
    if (!element) throw malformed('fewer columns than its tree has places for');
    if (depth > limits.datasetTypeDepth)
      throw new MlbomError('E_LIMIT', 'parquet: types are nested too deeply', { rule: 'parquet-depth' });
    const children: Node[] = [];
    for (let i = 0; i < element.children; i++) children.push(node(depth + 1));
    const own = element.physical === undefined ? groupType(element, children) : leafType(element);
    return { element, own, type: element.repeated ? `list<${own}>` : own, children };
  }
}

/** Lists and maps in the forms that LogicalTypes.md tells readers to take; anything else is a struct. */
function groupType({ logical, converted }: SchemaElement, children: readonly Node[]): string {
  const [only, ...others] = children;
  const repeated = others.length === 0 && only?.element.repeated ? only : undefined;
  if (repeated && (logical?.field === 3 || (!logical && converted === 3))) {
    const [element, ...more] = repeated.children;
    const isWrapper = element && more.length === 0 && !/^array$|_tuple$/.test(repeated.element.name);
    return `list<${isWrapper ? element.type : repeated.own}>`;
  }
  if (repeated && (logical?.field === 2 || (!logical && (converted === 1 || converted === 2)))) {
    return `map<${repeated.children.map(({ type }) => type).join(', ')}>`;
  }
  return `struct<${children.map(({ element, type }) => `${element.name}: ${type}`).join(', ')}>`;
}

const units = ['', 'ms', 'us', 'ns'];
const physicalTypes = ['bool', 'int32', 'int64', 'timestamp[ns]', 'float', 'double', 'binary'];
/** By number of ConvertedType, where it says all by itself. */
const convertedTypes: Readonly<Record<number, string>> = {
  0: 'string',
  4: 'string',
  6: 'date32[day]',
  7: 'time32[ms]',
  8: 'time64[us]',
  9: 'timestamp[ms, tz=UTC]',
  10: 'timestamp[us, tz=UTC]',
  11: 'uint8',
  12: 'uint16',
  13: 'uint32',
  14: 'uint64',
  15: 'int8',
  16: 'int16',
  17: 'int32',
  18: 'int64',
  19: 'json',
  20: 'bson',
};
const decimal = 5;

function leafType(element: SchemaElement): string {
  const { logical, converted } = element;
  if (logical?.field === decimal || (!logical && converted === decimal)) {
    return `decimal128(${element.precision}, ${element.scale})`;
  }
  const named = logical ? logicalName(logical) : convertedTypes[converted ?? -1];
  if (named !== undefined) return named;
  if (element.physical === 7) return `fixed_size_binary[${element.bytes ?? 0}]`;
  return physicalTypes[element.physical ?? -1] ?? `unknown ${element.physical ?? ''}`;
}

function logicalName({ field, utc, unit, bits, signed }: LogicalType): string | undefined {
  switch (field) {
    case 1:
    case 4:
      return 'string';
    case 6:
      return 'date32[day]';
    case 7:
      return `time${unit === 1 ? 32 : 64}[${units[unit] ?? ''}]`;
    case 8:
      return `timestamp[${units[unit] ?? ''}${utc ? ', tz=UTC' : ''}]`;
    case 10:
      return `${signed ? '' : 'u'}int${bits}`;
    case 11:
      return 'null';
    case 12:
      return 'json';
    case 13:
      return 'bson';
    case 14:
      return 'uuid';
    case 15:
      return 'halffloat';
    default:
      return undefined;
  }
}

function malformed(what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `parquet: ${what}`, { rule: 'parquet-schema' });
}
