import type { Files } from '../../fixtures/model-directory.ts';

/** Magic, version, then dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate. */
const numbers = [793_712_314, 12, 16, 5, 5, 1000, 5, 1, 1, 3, 2_000_000, 2, 4, 100];

export const files: Files = { 'language/lid.ftz': new Uint8Array(Int32Array.from(numbers).buffer) };
