import { MlbomError } from '../core/errors.ts';

/** Tags of ASN.1's Distinguished Encoding Rules (ITU-T X.690), as far as an encrypted key needs them. */
export const derTags = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30 } as const;

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** One element: tag, length, content. */
export function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body)]), body]);
}

/** A non-negative integer below 2⁴⁸. */
export function derInteger(value: number): Buffer {
  const bytes = Buffer.alloc(7);
  bytes.writeUIntBE(value, 1, 6);
  // The shortest form whose first bit is not taken for a sign.
  let start = 0;
  while (start < 6 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start++;
  return der(derTags.integer, bytes.subarray(start));
}

/**
 * The elements that stand one after another in `bytes`: the content of a sequence.
 * @throws MlbomError `E_MALFORMED` for an element that does not fit, a long tag or an indefinite length
 */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const { start, length } = readLength(bytes, at + 1);
    if (start + length > bytes.length) throw malformed(at);
    elements.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** The value of a non-negative integer; `undefined` for other elements and beyond 2⁴⁸. */
export function derNumber(element: DerElement | undefined): number | undefined {
  if (element?.tag !== derTags.integer || element.content.length === 0) return undefined;
  const hex = Buffer.from(element.content).toString('hex').replace(/^0+/, '');
  return (element.content[0] ?? 0) < 0x80 && hex.length <= 12 ? Number.parseInt(hex || '0', 16) : undefined;
}

function lengthOf(body: Uint8Array): number[] {
  if (body.length < 0x80) return [body.length];
  if (body.length < 0x100) return [0x81, body.length];
  return [0x82, body.length >> 8, body.length & 0xff];
}

function readLength(bytes: Uint8Array, at: number): { start: number; length: number } {
  const first = bytes[at];
  if (first === undefined) throw malformed(at);
  if (first < 0x80) return { start: at + 1, length: first };
  const count = first - 0x80;
  const start = at + 1 + count;
  // A key file is at most 64 KiB: more than three bytes of length are never needed.
  if (count === 0 || count > 3 || start > bytes.length) throw malformed(at);
  let length = 0;
  for (const byte of bytes.subarray(at + 1, start)) length = length * 0x100 + byte;
  return { start, length };
}

function malformed(offset: number): MlbomError {
  return new MlbomError('E_MALFORMED', `DER: wrong at ${offset}`, { subject: 'DER', offset, rule: 'der' });
}
