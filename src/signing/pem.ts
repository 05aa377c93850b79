import { decodeBase64 } from '../core/decode-base64.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** `PRIVATE KEY` and its like. */
  readonly label: string;
  /** Lines such as `Proc-Type: 4,ENCRYPTED` stood before the content (RFC 1421). */
  readonly hasHeaders: boolean;
  /** @throws MlbomError `E_KEY` for a body that is not base64 */
  bytes(): Buffer;
}

/**
 * The blocks of a PEM file; text around them is ignored.
 * @throws MlbomError `E_LIMIT` for a file that is too large for a key, `E_KEY` for a block that does not end
 */
export function readPem(file: string | Uint8Array, subject: string): PemBlock[] {
  if ((typeof file === 'string' ? Buffer.byteLength(file) : file.length) > limits.keyBytes) {
    throw new MlbomError('E_LIMIT', `${subject}: larger than any key (${limits.keyBytes} bytes)`, {
      subject,
    });
  }
  const text = typeof file === 'string' ? file : Buffer.from(file).toString('latin1');
  const blocks: PemBlock[] = [];
  const begin = /^-----BEGIN ([A-Z0-9 ]{1,64})-----[ \t]*\r?$/gm;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const label = match[1] ?? '';
    const end = text.indexOf(`-----END ${label}-----`, begin.lastIndex);
    if (end < 0) throw new MlbomError('E_KEY', `${subject}: the block ${label} does not end`, { subject });
    blocks.push(block(label, text.slice(begin.lastIndex, end), subject));
    begin.lastIndex = end;
  }
  return blocks;
}

function block(label: string, body: string, subject: string): PemBlock {
  return {
    label,
    hasHeaders: body.includes(':'),
    bytes() {
      try {
        return decodeBase64(body.replace(/[ \t\r\n]/g, ''), subject);
      } catch {
        throw new MlbomError('E_KEY', `${subject}: the block ${label} is not base64`, { subject });
      }
    },
  };
}
