/** True for the magic with a version that somebody wrote or might write, in either byte order: text has neither. */
export function isGguf(head: Uint8Array): boolean {
  if (head[0] !== 0x47 || head[1] !== 0x47 || head[2] !== 0x55 || head[3] !== 0x46) return false;
  const [, , , , first = 0, second = 0, third = 0, fourth = 0] = head;
  const little = third === 0 && fourth === 0 && (first !== 0 || second !== 0);
  const big = first === 0 && second === 0 && (third !== 0 || fourth !== 0);
  return head.length >= 8 && (little || big);
}
