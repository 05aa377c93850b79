import type { Citation } from '../core/bom.ts';
import type { Evidence } from '../core/evidence.ts';
import { compareCodePoints } from '../core/order.ts';
import type { FileFinder } from './file-refs.ts';

/** A field of the document and where its value comes from. */
export interface Cited {
  readonly pointer: string;
  readonly evidence: Evidence;
}

export interface CitationContext {
  readonly fileRef: FileFinder;
  readonly tool: string;
  /** The ref of whoever declares. */
  readonly declaredBy: string;
  readonly timestamp: string;
}

/** Who said what: one citation for each source and way of knowing, with the fields it accounts for. */
export function citationsOf(cited: readonly Cited[], context: CitationContext): { citations?: Citation[] } {
  const groups = new Map<string, { attributedTo: string; note: string; pointers: string[] }>();
  for (const { pointer, evidence } of cited) {
    const attributedTo = attribution(pointer, evidence, context);
    const note = `${evidence.basis}: ${evidence.source} (${evidence.by})`;
    const key = `${attributedTo}\0${note}`;
    const group = groups.get(key);
    if (group) group.pointers.push(pointer);
    else groups.set(key, { attributedTo, note, pointers: [pointer] });
  }
  if (groups.size === 0) return {};
  const citations = [...groups]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([, { attributedTo, note, pointers }]) => ({
      pointers: [...new Set(pointers)].sort(compareCodePoints),
      timestamp: context.timestamp,
      attributedTo,
      note,
    }));
  return { citations };
}

/** What was measured is the tool's word; what was declared is the word of the file or the person it comes from. */
function attribution(
  pointer: string,
  { basis, source, by }: Evidence,
  { fileRef, tool, declaredBy }: CitationContext,
): string {
  if (by === 'declaration') return declaredBy;
  return basis === 'declared' ? (fileRef(pointer, source) ?? tool) : tool;
}
