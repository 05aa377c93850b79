import type { Severity } from './severity.ts';
import { severities } from './severity.ts';

/** `moved`: the same content under another name or in another place. */
export type ChangeKind = 'added' | 'removed' | 'changed' | 'moved';

/** What a change is about. */
export interface ChangeSubject {
  /** A CycloneDX component type, or `document` for the BOM itself. */
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  /** The path within the artifact, for files. */
  readonly path?: string;
}

/** One difference between two BOMs that a rule has a name for. Texts come from the BOMs: renderers escape them. */
export interface Change {
  /** Stable: `W001`. The catalogue is `changes/change-rules.ts`. */
  readonly id: string;
  readonly severity: Severity;
  readonly kind: ChangeKind;
  readonly title: string;
  readonly subject: ChangeSubject;
  /** One sentence without its full stop. */
  readonly what: string;
  readonly was?: string;
  readonly now?: string;
  readonly why: string;
  /** JSON Pointers (RFC 6901) into the two documents. */
  readonly pointers: { readonly old: readonly string[]; readonly new: readonly string[] };
}

/** How a report names one of the two BOMs. */
export interface ComparedBom {
  readonly name: string;
  readonly version?: string;
  readonly serialNumber?: string;
  /** `sha256:<hex>` of the BOM in RFC 8785 form: what a signature covers. */
  readonly digest: string;
}

/** Everything that a report about two BOMs says. */
export interface Comparison {
  readonly old: ComparedBom;
  readonly new: ComparedBom;
  /** Worst first. */
  readonly changes: readonly Change[];
}

export interface ChangeSummary extends Readonly<Record<Severity, number>> {
  readonly total: number;
  /** The severity of the worst change; `null` when there is none. */
  readonly worst: Severity | null;
}

/** Counts changes by severity. */
export function summarizeChanges(changes: readonly Change[]): ChangeSummary {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const change of changes) counts[change.severity]++;
  const worst = severities.find((severity) => counts[severity] > 0) ?? null;
  return { total: changes.length, worst, ...counts };
}
