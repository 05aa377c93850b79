import type { ComponentData } from '../core/bom.ts';
import type { Item } from '../core/inventory.ts';
import type { AttributeReader } from './component-of.ts';
import { governanceOf } from './governance-of.ts';

/** What a dataset's `data` field says: where it is, how it is classified, who answers for it. */
export function dataOf(item: Item, attributes: AttributeReader): ComponentData[] {
  const governance = attributes.take('governance', '/data/0');
  const name = attributes.take('name', '/data/0/name');
  const url = item.attributes
    .flatMap((attribute) => (attribute.name === 'references' ? attribute.value : []))
    .find(({ type }) => type === 'distribution')?.url;
  if (url !== undefined) attributes.take('references', '/data/0/contents');
  const { classification, sensitiveData } = governance ?? {};
  return [
    {
      'bom-ref': `data-of:${item.ref}`,
      type: 'dataset',
      ...(name === undefined ? {} : { name }),
      ...(url === undefined ? {} : { contents: { url } }),
      ...(classification === undefined ? {} : { classification }),
      ...(sensitiveData === undefined ? {} : { sensitiveData: [...sensitiveData] }),
      ...(governance ? governanceOf(governance) : {}),
    },
  ];
}
