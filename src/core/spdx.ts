import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let byLowerCase: Map<string, string> | undefined;

/**
 * The SPDX identifier that `text` means, however it is capitalised (`apache-2.0` is `Apache-2.0`), or undefined.
 * Deprecated identifiers count: they still name their licence.
 */
export function spdxId(text: string): string | undefined {
  byLowerCase ??= new Map(
    [
      ...(require('spdx-license-ids/deprecated') as string[]),
      ...(require('spdx-license-ids') as string[]),
    ].map((id) => [id.toLowerCase(), id]),
  );
  return byLowerCase.get(text.trim().toLowerCase());
}

/** True for a valid SPDX licence expression of more than one identifier. */
export function isSpdxExpression(text: string): boolean {
  if (!/\s(?:AND|OR|WITH)\s/.test(text) || text.length > 1024) return false;
  try {
    (require('spdx-expression-parse') as (expression: string) => unknown)(text);
    return true;
  } catch {
    return false;
  }
}
