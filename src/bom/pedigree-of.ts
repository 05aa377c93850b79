import type { Component, Pedigree } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Ancestor, Item } from '../core/inventory.ts';
import type { Cited } from './citations-of.ts';
import type { AttributeReader } from './component-of.ts';
import { hashOf } from './hash-of.ts';

/** What a model came from. CycloneDX has no field for how, so the ancestor's property and the notes say it. */
export function pedigreeOf(
  item: Item,
  attributes: AttributeReader,
  pointer: string,
  cited: Cited[],
): { pedigree?: Pedigree } {
  const provenance = attributes.take('provenance', '/pedigree/notes');
  const notes = [
    ...item.ancestors.map(({ how, to }) => `${phrases[how]} ${to.name}`),
    ...(provenance === undefined ? [] : [provenance]),
  ].join('; ');
  if (notes === '') return {};
  const ancestors = item.ancestors.map(ancestorComponent);
  for (const [index, ancestor] of item.ancestors.entries()) {
    for (const evidence of ancestor.evidence) {
      cited.push({ pointer: `${pointer}/pedigree/ancestors/${index}`, evidence });
    }
  }
  return { pedigree: { ...(ancestors.length > 0 ? { ancestors } : {}), notes } };
}

const phrases: Record<Ancestor['how'], string> = {
  finetune: 'finetune of',
  adapter: 'adapter for',
  merge: 'merge of',
  quantized: 'quantized from',
  unspecified: 'derived from',
  'base-image': 'built on',
};

function ancestorComponent({ ref, how, to, evidence, attributes = [] }: Ancestor): Component {
  const hashes = attributes.flatMap((each) => (each.name === 'hash' ? hashOf(each.value) : []));
  return {
    type: how === 'base-image' ? 'container' : 'machine-learning-model',
    'bom-ref': ref,
    name: to.name,
    ...(to.version === undefined ? {} : { version: to.version }),
    ...(hashes.length > 0 ? { hashes } : {}),
    ...(to.purl === undefined ? {} : { purl: to.purl }),
    ...(to.url === undefined ? {} : { externalReferences: [{ type: 'distribution', url: to.url }] }),
    properties: [
      { name: 'mlbom:ancestor:relation', value: how },
      ...attributes.flatMap(({ name, value }) =>
        name.startsWith('mlbom:') && typeof value === 'string' ? [{ name, value }] : [],
      ),
      ...evidence.map((each) => ({
        name: 'mlbom:evidence',
        value: canonicalJson({ attribute: 'ancestor', ...each }),
      })),
    ],
  };
}
