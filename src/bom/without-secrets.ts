import { sha256 } from '../core/digest.ts';
import type { Attribute } from '../core/fact.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import { secretIn } from './secrets.ts';

/** The inventory as it may be shown: everything that leaves the program is made from this one. */
export function inventoryWithoutSecrets(inventory: Inventory): Inventory {
  const { subject, items, problems, findings, runs, examinations } = inventory;
  return {
    subject: withoutSecrets(subject),
    items: items.map(withoutSecrets),
    problems: problems.map(cleaned),
    findings: findings.map(cleaned),
    runs: runs.map(({ run, output, inputs }) => ({
      run: cleaned(run),
      output: cleanedRef(output),
      inputs: inputs.map((ref) => (ref === undefined ? undefined : cleanedRef(ref))),
    })),
    examinations,
  };
}

/**
 * The item without the secrets that people leave in cards and headers: a BOM is published and archived.
 * Names of files stay as they are, because they are what is verified.
 */
function withoutSecrets(item: Item): Item {
  return {
    ...item,
    ref: cleanedRef(item.ref),
    datasets: item.datasets.map(cleanedRef),
    dependsOn: item.dependsOn.map(cleanedRef),
    attributes: item.attributes.filter((attribute) => !isSecretPurl(attribute)).map(cleaned),
    conflicts: item.conflicts.map(cleaned),
    ancestors: item.ancestors.map((ancestor) => ({ ...cleaned(ancestor), ref: cleanedRef(ancestor.ref) })),
    problems: item.problems.map(cleaned),
    findings: item.findings.map(cleaned),
    items: item.items.map(withoutSecrets),
  };
}

function isSecretPurl({ name, value }: Attribute): boolean {
  return name === 'purl' && secretIn(value) !== undefined;
}

/** Refs are made of names, and have to stay unique. */
function cleanedRef(ref: string): string {
  return secretIn(ref) === undefined ? ref : `${ref.slice(0, ref.indexOf(':'))}:${sha256(ref)}`;
}

function cleaned<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') {
    const kind = secretIn(value);
    return kind === undefined ? value : `(removed: ${kind})`;
  }
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => cleanMember(name, member)));
}

/** A purl or an address with words in its place would be none. */
function cleanMember(name: string, member: unknown): [string, unknown][] {
  const isSecret = typeof member === 'string' && secretIn(member) !== undefined;
  if (isSecret && name === 'purl') return [];
  return [[name, isSecret && name === 'url' ? 'about:blank' : clean(member)]];
}
