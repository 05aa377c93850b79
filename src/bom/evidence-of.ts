import type { ComponentEvidence } from '../core/bom.ts';
import type { Item } from '../core/inventory.ts';

/** Where a thing lies; that a file has the digest which the place promised for it is evidence of its identity. */
export function evidenceOf({ file, places }: Item): { evidence?: ComponentEvidence } {
  if (places.length > 0) return { evidence: { occurrences: places.map((location) => ({ location })) } };
  if (!file || file.kept.length === 0) return {};
  return {
    evidence: {
      identity: [
        {
          field: 'hash',
          confidence: 1,
          methods: file.kept.map((value) => ({ technique: 'hash-comparison', confidence: 1, value })),
        },
      ],
    },
  };
}
