import { fileCollectors } from '../collectors/registry.ts';
import type { FindingRule } from '../core/finding.ts';
import { compareCodePoints } from '../core/order.ts';
import { fileListRules } from '../inventory/file-lists.ts';

/** Every rule about dangerous content, once, by its id. `docs/findings.md` is generated from this list. */
export const findingRules: readonly FindingRule[] = [
  ...new Map(
    [...fileCollectors.flatMap(({ rules = [] }) => rules), ...fileListRules].map((rule) => [rule.id, rule]),
  ).values(),
].sort((a, b) => compareCodePoints(a.id, b.id));
