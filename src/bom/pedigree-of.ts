import type { Component, Pedigree } from '../core/bom.ts';
import type { Ancestor, Item } from '../core/inventory.ts';

/** What a model came from. CycloneDX has no field for how, so the ancestor's property and the notes say it. */
export function pedigreeOf(item: Item): { pedigree?: Pedigree } {
  if (item.ancestors.length === 0) return {};
  const notes = item.ancestors.map(({ how, to }) => `${phrases[how]} ${to.name}`);
  return { pedigree: { ancestors: item.ancestors.map(ancestorComponent), notes: notes.join('; ') } };
}

const phrases: Record<Ancestor['how'], string> = {
  finetune: 'finetune of',
  adapter: 'adapter for',
  merge: 'merge of',
  quantized: 'quantized from',
  unspecified: 'derived from',
};

function ancestorComponent({ ref, how, to }: Ancestor): Component {
  return {
    type: 'machine-learning-model',
    'bom-ref': ref,
    name: to.name,
    ...(to.version === undefined ? {} : { version: to.version }),
    ...(to.purl === undefined ? {} : { purl: to.purl }),
    ...(to.url === undefined ? {} : { externalReferences: [{ type: 'distribution', url: to.url }] }),
    properties: [{ name: 'mlbom:ancestor:relation', value: how }],
  };
}
