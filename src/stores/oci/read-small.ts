import { MlbomError } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';

/** All bytes of a blob that has no digest to be held against. @throws MlbomError `E_LIMIT` beyond `limit` bytes */
export async function readSmall(blob: Blob, limit: number, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (blob.size > limit) throw tooLarge(what, limit);
  for await (const part of blob.stream()) {
    length += part.length;
    if (length > limit) throw tooLarge(what, limit);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(what: string, limit: number): MlbomError {
  return new MlbomError('E_LIMIT', `${what}: larger than ${limit} bytes`, {
    subject: what,
    rule: 'image-document-bytes',
  });
}
