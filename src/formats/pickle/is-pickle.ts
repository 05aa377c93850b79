/**
 * True for bytes that begin like a pickle: PROTO with a protocol that exists and an opcode after it, or the first
 * opcodes of protocol 0 or 1. Text that happens to begin so is told from a pickle by reading it.
 */
export function isPickle(head: Uint8Array): boolean {
  const [first, second, third] = head;
  if (first === proto)
    return second !== undefined && second <= newest && (third === undefined || isOpcode(third));
  return first !== undefined && textStarts.has(first) && looksLikeProtocol0(head);
}

/** True for PROTO with a protocol that exists: two bytes that hardly anything else begins with. */
export function hasProtocol(head: Uint8Array): boolean {
  return head[0] === proto && isPickle(head);
}

/** True for a byte that is an opcode of any protocol up to 5. */
export function isOpcode(byte: number): boolean {
  return opcodes.has(byte);
}

const proto = 0x80;
const newest = 5;
const latin1 = new TextDecoder('latin1');

/** pickletools' table: the opcodes of protocols 0 to 5 by their bytes. */
const opcodes: ReadonlySet<number> = new Set([
  ...Buffer.from('().012FGIJKLMNPQRSTUVXabcdeghijlopqrstu]}BC', 'latin1'),
  ...Array.from({ length: 0x98 - 0x80 + 1 }, (_, index) => 0x80 + index),
]);

const textStarts: ReadonlySet<number> = new Set(Buffer.from('()]}cIiLFSVlUXKJMGNTP', 'latin1'));

/** The beginnings that protocols 0 and 1 have: a mark or an empty container, then a name or a constant. */
const beginnings: readonly RegExp[] = [
  // GLOBAL, and INST after a mark.
  /^[(\]})]{0,4}[ci][A-Za-z_][\w.]{0,255}\n[A-Za-z_][\w.]{0,255}\n/,
  // Containers of protocol 0, memoised: `(dp0`, `(lp0`, and those of protocol 1: `]q\0`, `}q\0`.
  /^\([dlt]p\d{1,9}\n/,
  /^[\]})][qr]/,
  // Empty ones, and a constant by itself.
  /^(?:\([dlt]|[\]})]|N|I\d{1,20}\n|L-?\d{1,400}L?\n|F-?[\d.einfa+-]{1,30}\n|K[^]|M[^]{2}|J[^]{4}|G[^]{8})\.$/,
  // A text, memoised or alone.
  /^(?:[SV][^\n]{0,512}\n|[UT][^]{1,300}|X[^]{3}\0[^]{0,512})(?:p\d{1,9}\n|q[^])?\.$/,
  // A list or tuple of constants: a mark, and the first of them.
  /^[(\]}]{1,4}(?:[SV][^\n]{0,512}\n|[ILF]-?[\d.eEinfa+-]{1,400}L?\n|[pP]\d{1,9}\n)[(\]})aslputdbcNIFLSV.0-2]/,
  /^(?:\(|[\]}]q[^]\()[KJMGUXN]/,
];

function looksLikeProtocol0(head: Uint8Array): boolean {
  const text = latin1.decode(head.subarray(0, 1024));
  return beginnings.some((beginning) => beginning.test(text));
}
