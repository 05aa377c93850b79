import {
  summarizeChanges,
  type Change,
  type ChangeSummary,
  type ComparedBom,
  type Comparison,
} from '../core/change.ts';

/** `schemas/changes-v1.schema.json`: what other programs may rely on. */
export interface ChangesDocument {
  readonly $schema: 'https://mlbom.dev/schemas/changes-v1.json';
  readonly version: 1;
  readonly old: ComparedBom;
  readonly new: ComparedBom;
  readonly summary: ChangeSummary;
  /** Worst first. */
  readonly changes: readonly Change[];
}

/** The comparison as the document that `changes-v1` describes. */
export function changesDocument(comparison: Comparison): ChangesDocument {
  return {
    $schema: 'https://mlbom.dev/schemas/changes-v1.json',
    version: 1,
    old: comparison.old,
    new: comparison.new,
    summary: summarizeChanges(comparison.changes),
    changes: comparison.changes,
  };
}

/** The document as JSON text. */
export function changesJson(comparison: Comparison): string {
  return `${JSON.stringify(changesDocument(comparison), null, 2)}\n`;
}
