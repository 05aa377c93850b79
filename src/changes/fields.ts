import type { Bom } from '../core/bom.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { escapeToken } from '../core/json-pointer.ts';
import { canonicalText, hashAlgorithm, type Resolver } from './canonical-text.ts';
import { namedLicense } from './license-name.ts';
import { omit } from './omit.ts';
import { list, text, type Part } from './part.ts';

/** One value of a field, with its place in the document. */
export interface FieldItem {
  /** Equal for values that say the same. */
  readonly text: string;
  readonly value: unknown;
  readonly pointer: string;
}

/** What a component or a document says, by field. A list has an item for each entry. */
export type Fields = Map<string, FieldItem[]>;

/**
 * The fields of a component, fine enough for rules to speak about one thing each:
 * `hash:<ALG>`, `property:<name>`, `licenses` (which ones) and `licenses.detail`, `modelCard.<…>`, `data.<…>`,
 * `evidence.<…>`, `pedigree.<…>`, and every other member by its name. Nested components and ancestors are parts of
 * their own.
 */
export function fieldsOfPart(part: Part, resolver: Resolver): Fields {
  const fields = new FieldWriter(resolver);
  for (const [name, value] of Object.entries(part.component)) {
    const pointer = `${part.pointer}/${escapeToken(name)}`;
    if (name === 'bom-ref' || name === 'components') continue;
    if (name === 'hashes') hashes(fields, value, pointer);
    else if (name === 'properties') properties(fields, '', value, pointer);
    else if (name === 'licenses') licenses(fields, value, pointer);
    else if (name === 'data') data(fields, value, pointer);
    else if (name === 'modelCard' && isObject(value)) modelCard(fields, value, pointer);
    else if (name === 'evidence' && isObject(value)) evidence(fields, value, pointer);
    else if (name === 'pedigree' && isObject(value))
      members(fields, 'pedigree.', value, pointer, ['ancestors']);
    else fields.add(name, value, pointer);
  }
  return fields.all;
}

/** The fields of a document beside its components, without what differs between two writings of one inventory. */
export function fieldsOfDocument(bom: Bom, resolver: Resolver): Fields {
  const fields = new FieldWriter(resolver);
  const document = bom as unknown as JsonObject;
  const silent = [
    '$schema',
    'bomFormat',
    'serialNumber',
    'version',
    'components',
    'metadata',
    'properties',
    'dependencies',
  ];
  members(fields, '', document, '', silent);
  if (isObject(document['metadata'])) {
    members(fields, 'metadata.', document['metadata'], '/metadata', ['timestamp', 'component']);
  }
  properties(fields, '', document['properties'], '/properties');
  for (const [index, node] of list(document['dependencies']).entries()) {
    if (isObject(node)) edges(fields, node, `/dependencies/${index}`, resolver);
  }
  return fields.all;
}

class FieldWriter {
  readonly all: Fields = new Map();
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** One item, or one for each entry of a list. */
  add(field: string, value: unknown, pointer: string): void {
    const key = field.slice(field.lastIndexOf('.') + 1);
    if (!Array.isArray(value)) {
      this.item(field, value, pointer, key);
      return;
    }
    for (const [index, entry] of value.entries()) this.item(field, entry, `${pointer}/${index}`, key);
  }

  item(field: string, value: unknown, pointer: string, key = ''): void {
    const canonical = canonicalText(
      key === 'citations' || key === 'annotations' ? timeless(value) : value,
      this.#resolver,
      key,
    );
    if (canonical === undefined) return;
    const items = this.all.get(field);
    const item = { text: canonical, value, pointer };
    if (items) items.push(item);
    else this.all.set(field, [item]);
  }
}

/** When somebody wrote a note or a citation down says nothing about what was written. */
function timeless(value: unknown): unknown {
  return isObject(value) ? omit(value, 'timestamp') : value;
}

function members(
  fields: FieldWriter,
  prefix: string,
  value: JsonObject,
  pointer: string,
  without: readonly string[],
): void {
  for (const [name, member] of Object.entries(value)) {
    if (name === 'bom-ref' || without.includes(name)) continue;
    if (name === 'properties') properties(fields, prefix, member, `${pointer}/properties`);
    else fields.add(`${prefix}${name}`, member, `${pointer}/${escapeToken(name)}`);
  }
}

function hashes(fields: FieldWriter, value: unknown, pointer: string): void {
  for (const [index, hash] of list(value).entries()) {
    const alg = isObject(hash) ? hashAlgorithm(text(hash['alg']) ?? '') : '';
    const content = isObject(hash) ? (text(hash['content']) ?? '').toLowerCase() : hash;
    fields.item(`hash:${alg}`, content, `${pointer}/${index}`);
  }
}

function properties(fields: FieldWriter, prefix: string, value: unknown, pointer: string): void {
  for (const [index, property] of list(value).entries()) {
    const name = isObject(property) ? (text(property['name']) ?? '') : '';
    const said = isObject(property) ? (property['value'] ?? '') : property;
    fields.item(`${prefix}property:${name}`, said, `${pointer}/${index}`);
  }
}

function licenses(fields: FieldWriter, value: unknown, pointer: string): void {
  for (const [index, choice] of list(value).entries()) {
    const { name, detail } = namedLicense(choice);
    fields.item('licenses', name, `${pointer}/${index}`);
    const said = Object.keys(detail).some((member) => member !== 'bom-ref');
    if (said) fields.item('licenses.detail', { name, ...detail }, `${pointer}/${index}`);
  }
}

function data(fields: FieldWriter, value: unknown, pointer: string): void {
  for (const [index, entry] of list(value).entries()) {
    if (!isObject(entry)) continue;
    const { classification, sensitiveData, ...rest } = entry;
    fields.add('data.classification', classification, `${pointer}/${index}/classification`);
    fields.add('data.sensitiveData', sensitiveData, `${pointer}/${index}/sensitiveData`);
    fields.item('data', rest, `${pointer}/${index}`);
  }
}

function modelCard(fields: FieldWriter, value: JsonObject, pointer: string): void {
  const { modelParameters, ...rest } = value;
  members(fields, 'modelCard.', rest, pointer, []);
  if (isObject(modelParameters)) {
    members(fields, 'modelCard.modelParameters.', modelParameters, `${pointer}/modelParameters`, []);
  }
}

/** Identity by digest follows the content, so it is kept apart from what else identifies the component. */
function evidence(fields: FieldWriter, value: JsonObject, pointer: string): void {
  const { identity, ...rest } = value;
  members(fields, 'evidence.', rest, pointer, []);
  const entries = Array.isArray(identity) ? identity : identity === undefined ? [] : [identity];
  for (const [index, entry] of entries.entries()) {
    const byHash = isObject(entry) && entry['field'] === 'hash';
    const place = Array.isArray(identity) ? `${pointer}/identity/${index}` : `${pointer}/identity`;
    fields.item(byHash ? 'evidence.identity:hash' : 'evidence.identity', entry, place);
  }
}

/** A dependency graph as single edges; a node without edges says nothing more than that it exists. */
function edges(fields: FieldWriter, node: JsonObject, pointer: string, resolver: Resolver): void {
  const from = resolver.ref(text(node['ref']) ?? '');
  if (from === undefined) return;
  for (const kind of ['dependsOn', 'provides']) {
    for (const [index, ref] of list(node[kind]).entries()) {
      const to = resolver.ref(text(ref) ?? '');
      if (to !== undefined)
        fields.item('dependencies', [kind, from, to].join('\u0000'), `${pointer}/${kind}/${index}`);
    }
  }
}
