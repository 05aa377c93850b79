import type { Component, ExternalReference, Hash } from '../core/bom.ts';
import type { Attribute, AttributeName, Attributes, Reference } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import type { Cited } from './citations-of.ts';
import { evidenceOf } from './evidence-of.ts';
import { dataOf } from './data-of.ts';
import { hashOf } from './hash-of.ts';
import { licenseChoices } from './license-choice.ts';
import { modelCardOf } from './model-card-of.ts';
import { contactOf, organizationOf } from './party.ts';
import { pedigreeOf } from './pedigree-of.ts';
import { propertiesOf } from './properties-of.ts';

/** The attributes of an item by name, with what is written noted for the citations. */
export interface AttributeReader {
  /** The value, whose field in the document will be `field`, a pointer below the component. */
  take<N extends AttributeName>(name: N, field: string): Attributes[N] | undefined;
}

/** One item of the inventory as a component at `pointer`; what it states and whence is added to `cited`. */
export function componentOf(item: Item, pointer: string, cited: Cited[]): Component {
  const attributes = readerOf(item.attributes, pointer, cited);
  const isModel = item.type === 'machine-learning-model';
  const card = modelCardOf(item, isModel ? attributes : readerOf(item.attributes, pointer, []));
  const hashes = hashesOf(item);
  const license = attributes.take('license', '/licenses/0');
  const references = attributes.take('references', '/externalReferences') ?? [];
  const authors = attributes.take('authors', '/authors');
  const tags = attributes.take('tags', '/tags');
  const supplier = attributes.take('supplier', '/supplier');
  const manufacturer = attributes.take('manufacturer', '/manufacturer');
  const data = item.type === 'data' ? dataOf(item, attributes) : undefined;
  const components = item.items.map((nested, index) =>
    componentOf(nested, `${pointer}/components/${index}`, cited),
  );
  const properties = propertiesOf(item, isModel ? undefined : card, pointer, cited);
  return {
    type: item.type,
    'bom-ref': item.ref,
    ...optional('mime-type', attributes.take('mimeType', '/mime-type')),
    ...optional('group', attributes.take('group', '/group')),
    name: item.file?.path ?? attributes.take('name', '/name') ?? item.ref,
    ...optional('version', attributes.take('version', '/version')),
    ...optional('description', attributes.take('description', '/description')),
    ...(supplier ? { supplier: organizationOf(supplier) } : {}),
    ...(manufacturer ? { manufacturer: organizationOf(manufacturer) } : {}),
    ...(authors ? { authors: authors.map(contactOf) } : {}),
    ...(hashes.length > 0 ? { hashes } : {}),
    ...(license ? { licenses: licenseChoices(license) } : {}),
    ...optional('copyright', attributes.take('copyright', '/copyright')),
    ...optional('purl', attributes.take('purl', '/purl')),
    ...pedigreeOf(item, attributes, pointer, cited),
    ...(references.length > 0 ? { externalReferences: references.map(externalReference) } : {}),
    ...(components.length > 0 ? { components } : {}),
    ...evidenceOf(item),
    ...(card && isModel ? { modelCard: card } : {}),
    ...(data ? { data } : {}),
    ...(properties.length > 0 ? { properties } : {}),
    ...(tags ? { tags: [...tags] } : {}),
  };
}

function externalReference({ hashes = [], ...reference }: Reference): ExternalReference {
  const known = hashes.flatMap(hashOf);
  return { ...reference, ...(known.length > 0 ? { hashes: known } : {}) };
}

function readerOf(list: readonly Attribute[], pointer: string, cited: Cited[]): AttributeReader {
  const byName = new Map(list.map((attribute) => [attribute.name, attribute]));
  return {
    take<N extends AttributeName>(name: N, field: string): Attributes[N] | undefined {
      const found = byName.get(name);
      if (!found) return undefined;
      cited.push({ pointer: `${pointer}${field}`, evidence: found.evidence });
      return found.value as Attributes[N];
    },
  };
}

/** A file's own digest; an artifact's; a model's that is one file. A dataset has what is declared of it. */
function hashesOf(item: Item): Hash[] {
  const [only, ...others] = item.items.filter((nested) => nested.file);
  const { whole, image } = item.artifact ?? {};
  if (image && !whole) return hashOf(image.manifest ?? image.config);
  const digest = item.file?.sha256 ?? whole?.digest ?? (others.length === 0 ? only?.file?.sha256 : undefined);
  if (digest !== undefined) return [{ alg: 'SHA-256', content: digest }];
  return item.attributes.flatMap((attribute) => (attribute.name === 'hash' ? hashOf(attribute.value) : []));
}

type TextField = 'mime-type' | 'group' | 'version' | 'description' | 'copyright' | 'purl';

function optional(name: TextField, value: string | undefined): Partial<Record<TextField, string>> {
  return value === undefined ? {} : { [name]: value };
}
