import { createRequire } from 'node:module';
import type parseExpression from 'spdx-expression-parse';
import { limits } from './limits.ts';

export type SpdxExpression = ReturnType<typeof parseExpression>;

// JSON modules print a warning on Node 20.
const require = createRequire(import.meta.url);

let known: Map<string, string> | undefined;
let old: Set<string> | undefined;

/**
 * The SPDX identifier that `text` means, however it is capitalised (`apache-2.0` is `Apache-2.0`), or undefined.
 * Deprecated identifiers count: they still name their licence.
 */
export function spdxId(text: string): string | undefined {
  known ??= new Map(
    [...(require('spdx-license-ids') as string[]), ...deprecated()].map((id) => [id.toLowerCase(), id]),
  );
  return known.get(text.trim().toLowerCase());
}

/** True for identifiers that SPDX keeps only for old documents. */
export function isDeprecatedSpdxId(id: string): boolean {
  return deprecated().has(id);
}

/** True for a valid SPDX licence expression of more than one identifier. */
export function isSpdxExpression(text: string): boolean {
  return /\s(?:AND|OR|WITH)\s/.test(text) && parseSpdxExpression(text.trim()) !== undefined;
}

/**
 * A licence expression as a tree, or undefined when it is none. Identifiers and operators count in SPDX's own case only.
 * The parser skips characters that it does not know, so they are refused first; its time grows with the square.
 */
export function parseSpdxExpression(text: string): SpdxExpression | undefined {
  if (text.length > limits.licenseExpression || /[^A-Za-z0-9.+\-:() ]/.test(text)) return undefined;
  try {
    return (require('spdx-expression-parse') as typeof parseExpression)(text);
  } catch {
    return undefined;
  }
}

function deprecated(): Set<string> {
  return (old ??= new Set(require('spdx-license-ids/deprecated') as string[]));
}
