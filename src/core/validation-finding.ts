/** `error`: the schema or the specification forbids it; `warning`: it will mislead a reader; `info`: worth knowing. */
export type ValidationSeverity = 'error' | 'warning' | 'info';

/** One thing that is wrong with a BOM, or worth knowing of it. */
export interface ValidationFinding {
  /** `schema`, or the lint rule's id. */
  readonly id: string;
  readonly severity: ValidationSeverity;
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}
