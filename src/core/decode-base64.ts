import { MlbomError } from './errors.ts';

/**
 * Reads base64 (RFC 4648 §4) in its one canonical form. Node's decoder skips what it does not know and ignores
 * stray bits at the end, so that an edited text could still mean the same bytes.
 * @throws MlbomError `E_MALFORMED` for anything that does not encode back to the same text
 */
export function decodeBase64(text: string, subject: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new MlbomError('E_MALFORMED', `${subject}: not canonical base64`, { subject, rule: 'base64' });
}
