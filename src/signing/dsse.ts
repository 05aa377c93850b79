/**
 * What a DSSE signature is made over: the payload with its type, both with their lengths in bytes.
 * Source: DSSE protocol v1.0, "PAE" (secure-systems-lab/dsse).
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const header = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(header), payload]);
}
