import type { Collected } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { Problem } from '../core/problem.ts';
import type { AttributeList } from './attributes.ts';
import { modelFact, type ModelDetails } from './model-fact.ts';

interface WeightsDetails extends ModelDetails {
  readonly problems?: readonly Problem[];
  readonly findings?: readonly Finding[];
}

/** What the collector of one file of weights makes of it, when that is all there is to say. */
export function weightsFact(
  entry: Entry,
  attributes: readonly AttributeList[],
  { problems = [], findings = [], ...details }: WeightsDetails = {},
): Collected {
  return { facts: [modelFact(entry, attributes, details)], problems, findings };
}
