import { setTimeout as sleep } from 'node:timers/promises';
import { MlbomError } from './errors.ts';

/** Waits so many milliseconds. Tests put their own in its place. */
export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** @throws MlbomError `E_ABORTED` */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal });
  } catch {
    throw new MlbomError('E_ABORTED', 'interrupted');
  }
}
