import type { JoblibArray } from './joblib-array.ts';
import { PickleError, PickleLimit } from './pickle-error.ts';
import { oddity, type StreamState } from './stream-state.ts';

/** Reads over the array of joblib that lies between two opcodes; one of objects is a pickle, and is followed. */
export async function readJoblibArray(state: StreamState, array: JoblibArray): Promise<void> {
  const { file, scan, frames, readInner } = state;
  const { window } = file;
  const offset = window.position;
  const wrong = frames.foreign(offset);
  if (wrong !== undefined) oddity(state, 'frame', wrong);
  if (array.kind === 'unknown') {
    oddity(state, 'divergent', sizeless);
    throw new PickleError(sizeless);
  }
  if (array.kind === 'bytes') {
    if (array.odd !== undefined) oddity(state, 'divergent', array.odd);
    if (array.aligned) {
      await window.fill(1);
      window.skip(window.u8());
    }
    window.skip(array.length);
  } else {
    // joblib reads it with `pickle.load`, for which no arrays lie between opcodes.
    const whole = await readInner(offset);
    if (scan.exhausted) throw new PickleLimit('more opcodes');
    if (!whole) throw new PickleError('the pickle of an array is broken');
  }
  // The next opcode begins here, as far as frames are concerned.
  state.offset = window.position;
  scan.arrays.push({ offset, length: window.position - offset });
}

const sizeless = 'an array of joblib follows whose size cannot be told';
