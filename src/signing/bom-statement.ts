import type { Bom } from '../core/bom.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { cyclonedxPredicateType, statementType } from '../core/statement.ts';
import type { Statement, Subject } from '../core/statement.ts';

/**
 * The statement that signs a BOM: the BOM itself is the predicate, so that signed and read are the same document.
 * @throws MlbomError `E_UNSUPPORTED` without a subject (a statement about nothing proves nothing),
 *   `E_LIMIT` for more than verifiers accept
 */
export function bomStatement(bom: Bom, subjects: readonly Subject[]): Statement<Bom> {
  if (subjects.length === 0) {
    throw new MlbomError(
      'E_UNSUPPORTED',
      'the BOM names nothing by a SHA-256 digest that a signature could be about',
      {
        subject: 'BOM',
        next: 'make the BOM with `mlbom generate`',
      },
    );
  }
  if (subjects.length > limits.subjects) {
    throw new MlbomError('E_LIMIT', `${subjects.length} subjects; verifiers take ${limits.subjects}`, {
      subject: 'statement',
    });
  }
  return { _type: statementType, subject: subjects, predicateType: cyclonedxPredicateType, predicate: bom };
}
