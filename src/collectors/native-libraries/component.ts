import type { Fact } from '../../core/fact.ts';
import { packagePurl } from '../../core/package-purl.ts';
import { directoryOf } from '../../core/path.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import type { Product } from './products.ts';

/**
 * A product whose files lie in one directory: several libraries of one version are one thing, and several versions
 * beside each other are several.
 */
export function productFact(
  path: string,
  { name, category }: Pick<Product, 'name' | 'category'>,
  version: string | undefined,
  attributes: AttributeList,
  directory = directoryOf(path),
): Fact {
  attributes.add('name', name);
  attributes.add('version', version);
  attributes.add('purl', packagePurl('generic', { name, version }));
  attributes.add('mlbom:package:basis', 'installed');
  attributes.add('mlbom:package:location', directory);
  const derived = attributesFrom(path, 'native-libraries', 'derived');
  derived.add('mlbom:ai:category', category, 'name');
  return {
    about: { kind: 'component', key: `native:${directory}:${name}:${version ?? ''}`, path: directory },
    type: 'library',
    attributes: [...attributes.list, ...derived.list],
    relations: [],
  };
}
