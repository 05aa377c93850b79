import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';

export interface Delimited {
  readonly delimiter: Delimiter;
  /** The first record names the columns. */
  readonly header: boolean;
  /** With the types `number` and `text`; a column without a name is called by its place, from 1. */
  readonly columns: readonly DatasetColumn[];
}

export const delimiters = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** Records of a sample that decide. */
const sampledRecords = 200;
/** A cell that is longer names nothing. */
const longestName = 256;
const number = /^[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,4})?$/;

/**
 * What a sample of delimiter-separated values (RFC 4180) shows; undefined when no delimiter makes a table of it.
 * `isWhole` says that the sample is all there is, so that its last record is one.
 */
export function sampleDelimited(
  text: string,
  isWhole: boolean,
  candidates: readonly Delimiter[] = delimiters,
): Delimited | undefined {
  let best: { delimiter: Delimiter; rows: string[][]; score: number } | undefined;
  for (const delimiter of candidates) {
    const rows = sampleOf(text, delimiter, isWhole);
    const width = rows[0]?.length ?? 0;
    const alike = rows.filter((row) => row.length === width).length / Math.max(1, rows.length);
    // One column is what every wrong delimiter gives.
    const score = width > 1 ? alike * (1 + Math.log2(width)) : 0.1;
    if (width > 0 && alike >= 0.8 && score > (best?.score ?? 0)) best = { delimiter, rows, score };
  }
  if (!best) return undefined;
  const [first = [], ...others] = best.rows;
  const header = isHeader(first, others);
  const data = header ? others : best.rows;
  const columns = first.map((cell, index): DatasetColumn => {
    const name = header ? cell.trim() : String(index + 1);
    const values = data.map((row) => row[index] ?? '').filter((value) => value.trim() !== '');
    const isNumber = values.length > 0 && values.every((value) => number.test(value.trim()));
    return [name, isNumber ? 'number' : 'text'];
  });
  return { delimiter: best.delimiter, header, columns };
}

/** The number of records of a whole text, empty lines not counted. */
export function countDelimited(text: string, delimiter: Delimiter): number {
  let count = 0;
  for (const row of records(text, delimiter)) if (!isEmpty(row)) count++;
  return count;
}

function sampleOf(text: string, delimiter: Delimiter, isWhole: boolean): string[][] {
  const rows: string[][] = [];
  let last: string[] | undefined;
  for (const row of records(text, delimiter)) {
    if (last && !isEmpty(last)) rows.push(last);
    if (rows.length >= sampledRecords) return rows;
    last = row;
  }
  // The sample may end inside the last one.
  if (last && !isEmpty(last) && (isWhole || rows.length === 0)) rows.push(last);
  return rows;
}

/** Names are all there, all different and no numbers. */
function isHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const names = first.map((cell) => cell.trim());
  if (names.some((name) => name === '' || name.length > longestName || number.test(name))) return false;
  if (new Set(names).size < names.length) return false;
  return others.length > 0 || names.every((name) => /^[\p{L}_][\p{L}\p{N}_ .-]*$/u.test(name));
}

function isEmpty(row: readonly string[]): boolean {
  return row.length === 0 || (row.length === 1 && row[0] === '');
}

/** The records of a text. A quote inside a cell that does not begin with one is a character like others. */
function* records(text: string, delimiter: Delimiter): Generator<string[]> {
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    let cell = '';
    if (text.charCodeAt(at) === 0x22) {
      const parts: string[] = [];
      for (at++; ;) {
        const quote = text.indexOf('"', at);
        const end = quote < 0 ? text.length : quote;
        parts.push(text.slice(at, end));
        at = end + 1;
        if (text.charCodeAt(at) !== 0x22) break;
        parts.push('"');
        at++;
      }
      cell = parts.join('');
    }
    const end = endOfCell(text, Math.min(at, text.length), delimiter);
    row.push(cell + text.slice(at, end));
    if (row.length > limits.datasetColumns)
      throw new MlbomError('E_LIMIT', `more than ${limits.datasetColumns} cells in a row`, {
        rule: 'csv-cells',
      });
    at = end + 1;
    if (text[end] === delimiter) {
      // A line that ends with a delimiter has an empty cell there.
      if (at >= text.length) row.push('');
      continue;
    }
    if (text[end] === '\r' && text[at] === '\n') at++;
    yield row;
    row = [];
  }
  if (row.length > 0) yield row;
}

function endOfCell(text: string, start: number, delimiter: Delimiter): number {
  const stop = delimiter.charCodeAt(0);
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === stop || unit === 0x0a || unit === 0x0d) return at;
  }
  return text.length;
}
