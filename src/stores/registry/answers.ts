import { isObject, parseJson, type JsonValue } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { MlbomError } from '../../core/errors.ts';
import { shortened } from '../../core/shortened.ts';
import type { Answer } from './http.ts';

/**
 * The whole body of an answer.
 * @throws MlbomError `E_LIMIT` above `limit` bytes, `E_UNREACHABLE`
 */
export async function readBody(answer: Answer, limit: number, what: string): Promise<Uint8Array> {
  const announced = Number(fieldOf(answer, 'content-length') ?? 0);
  const parts: Uint8Array[] = [];
  let length = 0;
  if (announced > limit) answer.discard();
  else {
    for await (const piece of answer.pieces()) {
      length += piece.length;
      if (length > limit) break;
      parts.push(piece);
    }
  }
  if (announced <= limit && length <= limit) return Buffer.concat(parts);
  throw new MlbomError('E_LIMIT', `${what}: more than ${limit} bytes`, {
    subject: answer.url.host,
    rule: 'registry-answer',
  });
}

/** The first field of that name. */
export function fieldOf(answer: Answer, name: string): string | undefined {
  return answer.fields(name)[0];
}

/** `Content-Type` in lower case without parameters; empty when there is none. */
export function contentTypeOf(answer: Answer): string {
  return (fieldOf(answer, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * What the body of an error says, for a message: the registry's own codes (distribution-spec, Error Codes) or plain
 * text, on one line, at most 200 characters, without the given secrets and anything that looks like one.
 */
export async function quoteOf(answer: Answer, secrets: readonly string[]): Promise<string> {
  try {
    const type = contentTypeOf(answer);
    const bytes = await readBody(answer, quotedBytes, 'an error');
    const text = Buffer.from(bytes).toString('utf8');
    const said = type.includes('json') || /^\s*\{/.test(text) ? errorsIn(parseJson(text)) : text;
    return type.includes('html') ? '' : withoutSecrets(said, secrets);
  } catch {
    return '';
  }
}

const quotedBytes = 64 * 1024;

function errorsIn(value: JsonValue): string {
  if (!isObject(value)) return '';
  const errors = Array.isArray(value['errors']) ? value['errors'].slice(0, 3) : [value];
  return errors
    .map((error) => [textAt(error, 'code'), textAt(error, 'message') ?? textAt(error, 'details')])
    .map((parts) => parts.filter((part) => part !== undefined).join(' '))
    .filter((said) => said !== '')
    .join('; ');
}

/** One line of printable text without secrets: hosts are welcome to quote what we sent, messages are not. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text.slice(0, 4096);
  for (const secret of secrets) if (secret.length > 2) clean = clean.replaceAll(secret, '…');
  clean = clean
    .replace(/\b(bearer|basic)\s+[^\s"']+/gi, '$1 …')
    .replace(/\beyJ[A-Za-z0-9_.-]+/g, '…')
    .replace(/\?[^\s"']+/g, '?…')
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return shortened(clean, 200);
}
