/**
 * The name of the member with which a zip archive begins, from its local header (APPNOTE 4.3.7); undefined for other
 * content. It serves to tell kinds of archives apart in the first bytes; what an archive holds, its directory says.
 */
export function firstMemberName(head: Uint8Array): string | undefined {
  const isLocalHeader = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
  if (!isLocalHeader) return undefined;
  const length = (head[26] ?? 0) + 256 * (head[27] ?? 0);
  return Buffer.from(head.subarray(30, 30 + length)).toString('utf8');
}
