import { fileCollectors } from '../collectors/registry.ts';
import type { FindingRule } from '../core/finding.ts';
import { compareCodePoints } from '../core/order.ts';
import { fileListRules } from '../inventory/file-lists.ts';

/** Every rule about dangerous content, by id. */
export const findingRules: readonly FindingRule[] = [
  ...fileCollectors.flatMap(({ rules }) => rules ?? []),
  ...fileListRules,
].sort((a, b) => compareCodePoints(a.id, b.id));
