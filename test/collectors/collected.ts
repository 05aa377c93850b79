import type { FileCollector } from '../../src/core/collector.ts';
import type { AttributeName, Fact } from '../../src/core/fact.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';

/** The only fact that the collector makes of this file. */
export async function factOf(
  collector: FileCollector,
  path: string,
  content: Uint8Array | string,
): Promise<Fact> {
  const { facts } = await collector.collect(memoryEntry(path, content));
  const [fact, ...others] = facts;
  if (!fact || others.length > 0) throw new Error(`${facts.length} facts about ${path}`);
  return fact;
}

/** The values of the attributes of a fact, `name: value`; several of one name as a list. */
export function valuesOf(fact: Fact): Partial<Record<AttributeName, unknown>> {
  const values: Partial<Record<AttributeName, unknown>> = {};
  for (const { name, value } of fact.attributes) {
    values[name] = Object.hasOwn(values, name) ? [values[name], value].flat() : value;
  }
  return values;
}

/** The relations of a fact, as what they say. */
export function withoutEvidence(fact: Fact): unknown[] {
  return fact.relations.map((relation) =>
    Object.fromEntries(Object.entries(relation).filter(([name]) => name !== 'evidence')),
  );
}
