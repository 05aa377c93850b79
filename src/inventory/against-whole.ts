import type { Attribute, AttributeName, Fact } from '../core/fact.ts';
import type { Conflict, Item } from '../core/inventory.ts';
import { agree, comparable } from './agreement.ts';
import { incomparableFor } from './incomparable.ts';

/** What is true of the whole when it is true of one of its models: beside a language model may lie its projector. */
const ofOne = ['architectureFamily', 'mlbom:model:parameters', 'mlbom:model:dtype'] as const;

/**
 * Where several models lie under one card, and have no description of their own: what they say against it.
 * The licence holds for each of them.
 */
export function againstWhole(
  models: readonly Item[],
  whole: readonly Fact[],
): ReadonlyMap<Item, readonly Conflict[]> {
  const conflicts = new Map<Item, Conflict[]>(models.map((model) => [model, []]));
  const stated = whole.flatMap((fact) => fact.attributes);
  for (const name of ['license', ...ofOne] as const) {
    for (const statement of stated.filter((attribute) => attribute.name === name)) {
      const contradicting = models.filter((model) => contradicts(model, statement, stated));
      const isTrueOfOne = name !== 'license' && models.some((model) => confirms(model, statement));
      if (!isTrueOfOne)
        for (const model of contradicting) conflicts.get(model)?.push(...conflict(model, statement));
    }
  }
  return conflicts;
}

function contradicts(model: Item, statement: Attribute, stated: readonly Attribute[]): boolean {
  const own = attributeOf(model, statement.name);
  if (!own || agree(own, statement)) return false;
  return !incomparableFor([...model.attributes, ...quantizationIn(stated)]).has(statement.name);
}

function confirms(model: Item, statement: Attribute): boolean {
  const own = attributeOf(model, statement.name);
  return own !== undefined && agree(own, statement);
}

/** `config.json` beside several safetensors files says of all of them that they are quantized. */
function quantizationIn(stated: readonly Attribute[]): readonly Attribute[] {
  return stated.filter(({ name }) => name === 'mlbom:model:quantization');
}

function attributeOf(model: Item, name: AttributeName): Attribute | undefined {
  return model.attributes.find((attribute) => attribute.name === name);
}

function conflict(model: Item, statement: Attribute): Conflict[] {
  const own = attributeOf(model, statement.name);
  const sides = own ? [own, statement] : [];
  const statements = sides.map((side) => ({ value: comparable(side), evidence: side.evidence }));
  return [{ attribute: statement.name, statements }];
}
