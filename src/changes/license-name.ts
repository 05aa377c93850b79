import { isObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { parseSpdxExpression, spdxId, type SpdxExpression } from '../core/spdx.ts';

/** One entry of `licenses`: which licence it names, and all that it says beside that. */
export interface NamedLicense {
  readonly name: string;
  readonly detail: Record<string, unknown>;
}

/**
 * Reads an entry of CycloneDX `licenses`. An id, a name and an expression of one id that mean the same licence give
 * the same name: ids in SPDX's own case, operands of an expression sorted.
 */
export function namedLicense(choice: unknown): NamedLicense {
  if (!isObject(choice)) return { name: String(choice), detail: {} };
  const license = isObject(choice['license']) ? choice['license'] : choice;
  const { id, name, expression, ...detail } = license;
  const text = [id, expression, name].find((value) => typeof value === 'string');
  return { name: typeof text === 'string' ? canonicalName(text) : '', detail };
}

function canonicalName(text: string): string {
  const plain = text.trim().replace(/\s+/g, ' ');
  const known = spdxId(plain);
  if (known !== undefined) return known;
  if (plain.length > limits.licenseExpression || !/[ ()+]/.test(plain)) return plain;
  const expression = parseSpdxExpression(withKnownIds(plain));
  return expression ? write(expression) : plain;
}

/** The parser knows ids and operators in SPDX's own case only. */
function withKnownIds(text: string): string {
  return text.replace(/[A-Za-z0-9.-]+/g, (word) => {
    if (/^(?:and|or|with)$/i.test(word)) return word.toUpperCase();
    return spdxId(word) ?? word;
  });
}

function write(expression: SpdxExpression): string {
  if ('license' in expression) {
    const plus = expression.plus ? '+' : '';
    return `${expression.license}${plus}${expression.exception ? ` WITH ${expression.exception}` : ''}`;
  }
  const operands = operandsOf(expression, expression.conjunction).map((operand) => {
    const text = write(operand);
    return 'conjunction' in operand ? `(${text})` : text;
  });
  return [...new Set(operands)].sort().join(` ${expression.conjunction.toUpperCase()} `);
}

function operandsOf(expression: SpdxExpression, conjunction: string): SpdxExpression[] {
  if ('license' in expression || expression.conjunction !== conjunction) return [expression];
  return [...operandsOf(expression.left, conjunction), ...operandsOf(expression.right, conjunction)];
}
