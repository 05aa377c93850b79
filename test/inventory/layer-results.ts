import { sha256 } from '../../src/core/digest.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { LayerEntry, LayerReading, LayerResult } from '../../src/core/layer.ts';

/** What a layer does, in short: `+a/b=content`, `+a/`, `+a->target`, `+a=>hard link`, `-a` whiteout, `!a` opaque. */
export function layer(steps: readonly string[], readings: readonly LayerReading[] = []): LayerResult {
  const digest = { algorithm: 'sha256', hex: sha256(JSON.stringify([steps, readings])) } as const;
  const names = (mark: string): string[] =>
    steps.filter((step) => step.startsWith(mark)).map((step) => step.slice(1));
  return {
    digest,
    diffId: digest,
    size: 1,
    unpackedSize: 1,
    codec: 'none',
    entries: names('+').map(entryOf),
    whiteouts: names('-'),
    opaque: names('!'),
    readings,
    problems: [],
  };
}

function entryOf(step: string): LayerEntry {
  const [, path = '', how = '', rest = ''] = /^(.*?)(->|=>|=|$)(.*)$/.exec(step) ?? [];
  if (path.endsWith('/')) return { path: path.slice(0, -1), type: 'directory', size: 0 };
  if (how === '->') return { path, type: 'link', size: 0, link: rest };
  if (how === '=>') return { path, type: 'hard-link', size: 0, link: rest };
  return { path, type: 'file', size: rest.length, sha256: sha256(rest) };
}

/** What was read of a file. */
export function reading(
  path: string,
  facts: readonly Fact[] = [],
  rest: Partial<LayerReading> = {},
): LayerReading {
  return { path, facts, problems: [], findings: [], lists: [], runs: [], examined: [], ...rest };
}
