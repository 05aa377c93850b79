import type { ComponentType } from '../core/component-type.ts';
import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import { emptyItem } from './empty-item.ts';
import { keyOf } from './key-of.ts';
import { withConflicts } from './model-item.ts';
import { reconcile } from './reconcile.ts';
import { refMaker } from './refs.ts';

const type: ComponentType = 'data';

/** The refs of the datasets that these facts name. */
export function datasetRefs(facts: readonly Fact[]): string[] {
  const refs = facts.flatMap((fact) =>
    fact.relations.flatMap((relation) => (relation.type === 'dataset' ? [refOf(keyOf(relation.to))] : [])),
  );
  return [...new Set(refs)].sort();
}

/** The datasets that facts name or describe, as items: one dataset is one item, whoever speaks of it. */
export function datasetsOf(facts: readonly Fact[]): Item[] {
  const statements = new Map<string, Attribute[]>();
  function note(key: string, attributes: readonly Attribute[]): void {
    const list = statements.get(key);
    if (list) list.push(...attributes);
    else statements.set(key, [...attributes]);
  }
  for (const fact of facts) {
    if (fact.about.kind === 'component' && fact.type === type) note(fact.about.key, fact.attributes);
    for (const relation of fact.relations) {
      if (relation.type !== 'dataset') continue;
      const { to, evidence } = relation;
      const attributes = [attribute('name', to.name, evidence)];
      if (to.version !== undefined) attributes.push(attribute('version', to.version, evidence));
      if (to.url !== undefined) {
        attributes.push(attribute('references', [{ type: 'distribution', url: to.url }], evidence));
      }
      note(keyOf(to), attributes);
    }
  }
  return [...statements]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, list]) => {
      const { attributes, conflicts } = reconcile(list);
      return withConflicts({ ...emptyItem(refOf(key), type), attributes }, conflicts, '.');
    });
}

function refOf(key: string): string {
  return refMaker()('dataset', key);
}
