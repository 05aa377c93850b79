/** True for bytes that begin like a zip: a local header, an empty archive, or the marker of a spanned one. */
export function isZip(head: Uint8Array): boolean {
  if (head[0] !== 0x50 || head[1] !== 0x4b) return false;
  const [, , third, fourth] = head;
  return (third === 3 && fourth === 4) || (third === 5 && fourth === 6) || (third === 7 && fourth === 8);
}
