import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { About } from '../../core/fact.ts';
import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { readGguf, type GgufHeader, type GgufValue } from '../../formats/gguf.ts';
import { attributesFrom } from '../attributes.ts';
import { refused } from '../refused.ts';
import { templateFindings } from '../template-findings.ts';
import { unreadWeights } from '../unread-weights.ts';
import { ggufAncestry } from './ancestry.ts';
import { addGeneralAttributes } from './general.ts';
import { isGguf } from '../../formats/is-gguf.ts';
import { GgufMetadata } from './metadata.ts';
import { ggufRefusals, ggufRules } from './rules.ts';
import { templatesIn } from './templates.ts';

const extension = '.gguf';

/** GGUF files, whole or split (ggml's docs/gguf.md). */
export const gguf: FileCollector = {
  id: 'gguf',
  version: 2,
  rules: ggufRules,
  readsFirst: limits.ggufHeaderBytes,
  wants: (entry, head) => entry.path.endsWith(extension) || isGguf(head),
  unread: (entry) => unreadWeights(entry, 'gguf', extension),
  async collect(entry): Promise<Collected> {
    const values = new Map<string, GgufValue>();
    const metadata = new GgufMetadata(values);
    let file: GgufHeader;
    try {
      file = await readGguf(entry, values);
    } catch (error) {
      // A file that is broken further on still has its template, and some program still reads it.
      const rest = refused(error, entry, gguf, ggufRefusals);
      return { ...rest, findings: [...rest.findings, ...findingsIn(metadata, entry)] };
    }
    const observed = attributesFrom(entry.path, 'gguf', 'observed');
    observed.add('mlbom:model:format', 'gguf');
    observed.add('mlbom:model:format-version', String(file.version));
    observed.add('mimeType', 'application/vnd.gguf');
    const declared = attributesFrom(entry.path, 'gguf');
    addGeneralAttributes(metadata, declared);
    return {
      facts: [
        {
          about: aboutWeights(entry, metadata),
          type: 'machine-learning-model',
          attributes: [...observed.list, ...declared.list],
          relations: ggufAncestry(metadata, declared),
          tensors: { tensors: file.tensors },
        },
      ],
      problems: [],
      findings: findingsIn(metadata, entry),
    };
  },
};

function findingsIn(metadata: GgufMetadata, entry: Entry): Finding[] {
  return templatesIn(metadata).flatMap(([key, text]) => templateFindings(text, entry.path, { symbol: key }));
}

/** Splits carry `split.no` (from 0) and `split.count`; their names differ in `-00001-of-00003` alone. */
function aboutWeights(entry: Entry, metadata: GgufMetadata): About {
  const number = metadata.number('split.no');
  const count = metadata.number('split.count');
  const stem = /^(.*)-\d{5}-of-\d{5}\.gguf$/.exec(entry.path)?.[1];
  if (number === undefined || count === undefined || count < 2 || stem === undefined) {
    return { kind: 'weights', path: entry.path };
  }
  return {
    kind: 'weights',
    path: entry.path,
    part: { set: `${stem}.gguf/${count}`, number: number + 1, count },
  };
}
