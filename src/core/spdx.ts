import { createRequire } from 'node:module';
import { limits } from './limits.ts';

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
  if (text.length > limits.licenseExpression || !/\s(?:AND|OR|WITH)\s/.test(text)) return false;
  // The parser skips characters that it does not know.
  if (/[^A-Za-z0-9.+\-:() ]/.test(text.trim())) return false;
  try {
    (require('spdx-expression-parse') as (expression: string) => unknown)(text);
    return true;
  } catch {
    return false;
  }
}

function deprecated(): Set<string> {
  return (old ??= new Set(require('spdx-license-ids/deprecated') as string[]));
}
