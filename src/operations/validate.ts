import { lint } from '../bom/lint.ts';
import { readDocument } from '../bom/read.ts';
import { validateSchema } from '../bom/validate-schema.ts';
import { isMlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { ValidationFinding } from '../core/validation-finding.ts';
import { readInput } from './read-input.ts';

export interface Validated {
  /** True when nothing is an error. */
  readonly valid: boolean;
  readonly findings: readonly ValidationFinding[];
}

/**
 * Judges a BOM by the schema of its version, all errors at once, and by the semantic lint.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`, `E_UNSUPPORTED` for a version or form that is not read
 */
export async function validate(path: string): Promise<Validated> {
  const bytes = await readInput(path, limits.bomBytes);
  let document;
  try {
    document = readDocument(bytes, path);
  } catch (error) {
    if (!isMlbomError(error) || error.code !== 'E_MALFORMED') throw error;
    const fix = error.next ?? 'write one JSON object without duplicate names';
    return {
      valid: false,
      findings: [{ id: error.rule ?? 'json', severity: 'error', pointer: '', message: error.message, fix }],
    };
  }
  const findings: ValidationFinding[] = [
    ...(await validateSchema(document)).map((finding) => ({ ...finding, severity: 'error' as const })),
    ...lint(document).map(({ rule, ...finding }) => ({ id: rule, ...finding })),
  ];
  return { valid: findings.every(({ severity }) => severity !== 'error'), findings };
}
