import { canonicalJson } from '../core/canonical-json.ts';
import { sha256 } from '../core/digest.ts';
import type { Entry } from '../core/entry.ts';
import type { Fact } from '../core/fact.ts';
import { limits } from '../core/limits.ts';
import { shortened } from '../core/shortened.ts';
import type { DatasetColumn } from '../formats/dataset-column.ts';
import type { AttributeList } from './attributes.ts';

/** Columns that a BOM shows; all of them are in the digest. */
const shownColumns = 200;
/** UTF-16 units of a name or type that a BOM shows. */
const shownText = 256;

/** The schema of a dataset: how many columns, what they are, and a digest of all of them. */
export function addColumns(attributes: AttributeList, columns: readonly DatasetColumn[], at?: string): void {
  addDeclaredColumns(attributes, columns, at);
  if (columns.length > 0)
    attributes.add('mlbom:dataset:schema-sha256', sha256(canonicalJson(wellFormed(columns))), at);
}

/** The schema in a description's own words for types: its digest would be that of no file. */
export function addDeclaredColumns(
  attributes: AttributeList,
  columns: readonly DatasetColumn[],
  at?: string,
): void {
  if (columns.length === 0) return;
  attributes.add('mlbom:dataset:columns', String(columns.length), at);
  attributes.add('mlbom:dataset:schema', shown(wellFormed(columns)), at);
}

/** Names come from anywhere; canonical JSON has no place for half a character. */
function wellFormed(columns: readonly DatasetColumn[]): string[][] {
  return columns.map((column) => column.map((text) => text.toWellFormed()));
}

/** As many columns as one attribute has room for. */
function shown(columns: readonly (readonly string[])[]): string {
  const parts: string[] = [];
  let length = 2;
  for (const column of columns.slice(0, shownColumns)) {
    const part = canonicalJson(column.map((text) => shortened(text, shownText)));
    length += part.length + 1;
    if (length > limits.attributeText) break;
    parts.push(part);
  }
  return `[${parts.join(',')}]`;
}

/** Archives that people keep data in; packages and checkpoints have tables of their own. */
const archive = /\.(?:zip|tar|tgz|tar\.(?:gz|bz2|xz|zst)|7z)$/i;
/** One file, packed. */
const compressed = /\.(?:gz|bz2|xz|zst|lz4)$/i;

/**
 * A file of data, as the fact that the inventory puts into its dataset. Of a member of an archive only the format is
 * said: what its rows and columns are is not true of the file that holds it.
 */
export function dataFiles(entry: Entry, attributes: AttributeList): Fact[] {
  const { path, container } = entry;
  const fact: Fact = {
    about: { kind: 'file', path },
    type: 'data',
    attributes: attributes.list,
    relations: [],
  };
  if (container === undefined) return [fact];
  if (archive.test(container)) {
    return [{ ...fact, attributes: fact.attributes.filter(({ name }) => name === 'mlbom:dataset:format') }];
  }
  return compressed.test(container) ? [fact] : [];
}
