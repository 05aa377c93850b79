import { MlbomError, type ErrorCode } from '../../core/errors.ts';

/** An error of an ELF reader; `rule` is the finer name without `elf-`. */
export function elfError(code: ErrorCode, rule: string, message: string): MlbomError {
  return new MlbomError(code, `elf: ${message}`, { rule: `elf-${rule}` });
}
