import { MlbomError } from './errors.ts';

/** @throws MlbomError `E_ABORTED` once the signal is aborted */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MlbomError('E_ABORTED', 'interrupted');
}
