import type { Attribute, AttributeName } from '../core/fact.ts';
import { spdxId } from '../core/spdx.ts';

/** Rounded names such as "7B" stand for 6.7 to 7.3 billion; further apart is another model. */
const parameterTolerance = 0.05;

type Agree = (a: string, b: string) => boolean;

/** The attributes of which two statements are held against each other, and when they say the same. */
const comparisons: Partial<Record<AttributeName, Agree>> = {
  license: (a, b) => licenseKey(a) === licenseKey(b),
  architectureFamily: (a, b) => familyKey(a) === familyKey(b),
  modelArchitecture: equal,
  version: equal,
  task: equal,
  'mlbom:model:parameters': (a, b) =>
    Math.abs(Number(a) - Number(b)) <= parameterTolerance * Math.max(Number(a), Number(b)),
  'mlbom:model:dtype': (a, b) => a.toLowerCase() === b.toLowerCase(),
  'mlbom:model:context-length': equal,
  'mlbom:model:embedding-length': equal,
  'mlbom:model:layers': equal,
};

/** True when both say the same, or when the attribute is one that sources may differ on. */
export function agree(a: Attribute, b: Attribute): boolean {
  return comparisons[a.name]?.(comparable(a), comparable(b)) ?? true;
}

/** An attribute's value as one line of text, for comparing and for showing. */
export function comparable({ name, value }: Attribute): string {
  if (name === 'license') return value.license;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function equal(a: string, b: string): boolean {
  return a === b;
}

function licenseKey(text: string): string {
  return spdxId(text)?.toLowerCase() ?? text.trim().toLowerCase();
}

/** llama.cpp runs some families under another one's name (convert_hf_to_gguf.py). */
const families: Record<string, string> = {
  mistral: 'llama',
  mixtral: 'llama',
  gptneox: 'gptneox',
  smollm: 'llama',
};

function familyKey(text: string): string {
  const key = text.toLowerCase().replace(/[-_. ]/g, '');
  return families[key] ?? key;
}
