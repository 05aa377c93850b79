import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import type { ByteWindow } from '../byte-window.ts';
import { PickleGlobals } from './globals.ts';
import type { PickleBudget } from './machine.ts';
import type { PickleAnomaly, PickleAnomalyKind, PickleConstant, PickleOptions } from './pickle.ts';

/** What the streams of one file share. */
export interface PickleFile {
  readonly source: ByteSource;
  readonly window: ByteWindow;
  readonly budget: PickleBudget;
  readonly keeps: PickleOptions['keeps'];
  readonly watch: PickleOptions['watch'];
  /** True while arrays of joblib are taken for what they are. */
  readonly joblib: boolean;
}

/** What one stream gives beside its value; thrown away when it turns out to be no pickle. */
export interface PickleScan {
  readonly globals: PickleGlobals;
  readonly anomalies: PickleAnomaly[];
  readonly constants: PickleConstant[];
  readonly arrays: ByteRange[];
  persistentIds: number;
  /** True when a limit ended it, so that nothing after it is read either. */
  exhausted: boolean;
}

export function newScan(): PickleScan {
  return {
    globals: new PickleGlobals(),
    anomalies: [],
    constants: [],
    arrays: [],
    persistentIds: 0,
    exhausted: false,
  };
}

/** Notes an oddity; of too many, the last one says that there are more. */
export function note(
  { anomalies }: PickleScan,
  kind: PickleAnomalyKind,
  offset: number,
  message: string,
  length?: number,
): void {
  if (anomalies.length > limits.pickleListed) return;
  if (anomalies.length === limits.pickleListed) {
    anomalies.push({ kind: 'limit', offset, message: `more than ${limits.pickleListed} oddities` });
    return;
  }
  anomalies.push({ kind, offset, message, ...(length === undefined ? {} : { length }) });
}
