import { nothing, type Collected } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import type { Relation } from '../core/fact.ts';
import { directoryOf } from '../core/path.ts';
import type { AttributeList } from './attributes.ts';

/** What a file says of the model whose directory it lies in; nothing where it says nothing. */
export function describedDirectory(
  entry: Entry,
  attributes: AttributeList,
  relations: readonly Relation[] = [],
): Collected {
  if (attributes.list.length === 0 && relations.length === 0) return nothing;
  const about = { kind: 'directory', path: directoryOf(entry.path) } as const;
  return {
    facts: [{ about, type: 'machine-learning-model', attributes: attributes.list, relations }],
    problems: [],
    findings: [],
  };
}
