/**
 * How many elements a tensor of this shape has; 1 for a scalar.
 * `undefined` where the product is beyond 2^53, also when a later dimension is 0:
 * readers in other languages overflow on the way there (CVE-2025-53630).
 */
export function elementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const dimension of shape) {
    count *= dimension;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}
