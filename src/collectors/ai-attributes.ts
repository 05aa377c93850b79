import { aiCategory, type Ecosystem } from '../core/ai-packages.ts';
import type { ComponentType } from '../core/component-type.ts';
import type { Attribute } from '../core/fact.ts';
import { attributesFrom } from './attributes.ts';

/** What a package's name says about its part in an AI system; `type` is the component's. */
export function aiAttributes(
  source: string,
  by: string,
  ecosystem: Ecosystem,
  name: string,
): { readonly type: ComponentType; readonly attributes: readonly Attribute[] } {
  const known = aiCategory(ecosystem, name);
  const derived = attributesFrom(source, by, 'derived');
  derived.add('mlbom:ai:category', known?.category, 'name');
  return { type: known?.head ? 'framework' : 'library', attributes: derived.list };
}
