import { isMlbomError } from '../../../src/core/errors.ts';

/** `code rule: message` of the MlbomError that `work` ends with; anything else fails the test. */
export async function told(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (isMlbomError(error)) return `${error.code} ${error.rule}: ${error.message}`;
    throw error;
  }
  return 'done';
}
