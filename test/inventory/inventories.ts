import type { Declaration } from '../../src/core/declaration.ts';
import type { AttributeName } from '../../src/core/fact.ts';
import type { Inventory, Item } from '../../src/core/inventory.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { collectFiles } from '../fixtures/collect-files.ts';
import { writeGguf, type GgufEntry } from '../fixtures/gguf-writer.ts';
import type { Files } from '../fixtures/model-directory.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';

/** The inventory of a directory with these files. */
export async function inventoryOf(
  files: Files,
  declaration?: Omit<Declaration, 'source'>,
): Promise<Inventory> {
  const artifact = await collectFiles(files);
  return buildInventory([artifact], declaration && { source: 'declared.json', ...declaration });
}

/** `code path` of each problem. */
export function problemsIn({ problems }: Inventory): string[] {
  return problems.map(({ code, path }) => `${code} ${path}`).sort();
}

export function valueOf(item: Item | undefined, name: AttributeName): unknown {
  return item?.attributes.find((attribute) => attribute.name === name)?.value;
}

/** The models that an item nests. */
export function modelsIn(item: Item): Item[] {
  return item.items.filter(({ type }) => type === 'machine-learning-model');
}

export function card(text: string): string {
  return `---\n${text}\n---\n`;
}

/** A safetensors file with one tensor of that many elements. */
export function weights(elements: number, dtype = 'F32'): Uint8Array {
  return writeSafetensors({ tensors: [{ name: 'w', dtype, shape: [elements] }] });
}

/** A GGUF file with one tensor of that many elements. */
export function ggufWeights(
  elements: number,
  metadata: readonly GgufEntry[] = [],
  type: 'F32' | 'Q8_0' = 'F32',
): Uint8Array {
  return writeGguf({ metadata, tensors: [{ name: 'w', type, shape: [elements] }] });
}

/** Header keys that name a base model. */
export function ggufBase(key: 'name' | 'repo_url', value: string): GgufEntry[] {
  return [
    ['general.base_model.count', 'uint32', 1],
    [`general.base_model.0.${key}`, 'string', value],
  ];
}
