import type { ComponentEvidence } from '../core/bom.ts';
import type { Item } from '../core/inventory.ts';

/** That a file has the digest which the place promised for it is evidence of its identity. */
export function evidenceOf({ file }: Item): { evidence?: ComponentEvidence } {
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
