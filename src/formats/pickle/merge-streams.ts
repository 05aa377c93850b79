import type { Pickle, PickleAnomaly, PickleGlobal } from './pickle.ts';
import type { StreamRead } from './read-stream.ts';
import type { PickleValue } from './value.ts';

/** What all streams of a file give together. `between`: what stands between and behind them. */
export function mergeStreams(reads: readonly StreamRead[], between: readonly PickleAnomaly[]): Pickle {
  const scans = reads.map(({ scan }) => scan);
  return {
    values: reads.flatMap(({ value }): PickleValue[] => (value === undefined ? [] : [value])),
    streams: reads.map(({ stream }) => stream),
    end: reads.at(-1)?.stream.end ?? 0,
    globals: mergedGlobals(scans.map(({ globals }) => globals.list)),
    indirectCalls: scans.flatMap(({ globals }) => globals.indirectCalls),
    constants: scans.flatMap(({ constants }) => constants),
    arrays: scans.flatMap(({ arrays }) => arrays),
    persistentIds: scans.reduce((sum, { persistentIds }) => sum + persistentIds, 0),
    anomalies: [...scans.flatMap(({ anomalies }) => anomalies), ...between].sort(
      (a, b) => a.offset - b.offset,
    ),
  };
}

function mergedGlobals(lists: readonly (readonly PickleGlobal[])[]): PickleGlobal[] {
  const merged = new Map<string, PickleGlobal>();
  for (const global of lists.flat()) {
    const key = `${global.module}\0${global.name}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? global : together(known, global));
  }
  return [...merged.values()];
}

function together(first: PickleGlobal, later: PickleGlobal): PickleGlobal {
  return {
    ...first,
    count: first.count + later.count,
    uses: first.uses.length === 0 ? later.uses : first.uses,
    called: first.called || later.called,
    changed: first.changed || later.changed,
  };
}
