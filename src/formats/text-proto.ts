import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/** A message: its fields in the order of the text; a name may stand several times. */
export type TextMessage = readonly TextField[];
export interface TextField {
  readonly name: string;
  /** A scalar as it is written, strings without quotes and escapes; or a message. */
  readonly value: string | TextMessage;
}

/** Space and comments; a string in either quotes; a word or a number; a mark. */
const lexeme =
  /[\s;,]+|#[^\n]*|"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'|([\w.+-]+)|([[\]{}<>:/])|([^])/gy;

interface Token {
  readonly kind: 'string' | 'word' | 'mark';
  readonly text: string;
}

/**
 * Reads Protocol Buffers' text format without a schema (protobuf.dev/reference/protobuf/textformat-spec): messages,
 * scalars and lists of both. Extensions, whose names stand in brackets, are refused.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT` when nested too deeply or when there is too much of it
 */
export function parseTextProto(text: string, subject: string): TextMessage {
  const tokens = tokensOf(text, subject);
  let at = 0;
  return message(undefined, 0);

  function message(end: string | undefined, depth: number): TextField[] {
    if (depth > limits.protobufDepth) throw refused('E_LIMIT', 'depth', 'nested too deeply');
    const fields: TextField[] = [];
    for (;;) {
      const token = tokens[at++];
      if (token === undefined && end === undefined) return fields;
      if (token?.kind === 'mark' && token.text === end) return fields;
      if (token?.kind !== 'word') throw refused('E_MALFORMED', 'field', 'a field without a name');
      for (const field of values(token.text, depth)) fields.push(field);
    }
  }

  function values(name: string, depth: number): TextField[] {
    // Messages need no colon.
    const read = skip(':') ? value : nested;
    if (!skip('[')) return [{ name, value: read(depth) }];
    const list: TextField[] = [];
    while (!skip(']')) list.push({ name, value: read(depth) });
    return list;
  }

  function value(depth: number): string | TextField[] {
    const token = tokens[at];
    if (token === undefined || token.kind === 'mark') return nested(depth);
    at++;
    // Strings beside each other are one.
    let joined = token.text;
    while (token.kind === 'string' && tokens[at]?.kind === 'string') joined += tokens[at++]?.text ?? '';
    return joined;
  }

  function nested(depth: number): TextField[] {
    if (skip('{')) return message('}', depth + 1);
    if (skip('<')) return message('>', depth + 1);
    throw refused('E_MALFORMED', 'value', 'a field without a value');
  }

  function skip(mark: string): boolean {
    const token = tokens[at];
    if (token?.kind !== 'mark' || token.text !== mark) return false;
    at++;
    return true;
  }

  function refused(code: 'E_LIMIT' | 'E_MALFORMED', rule: string, why: string): MlbomError {
    return new MlbomError(code, `${subject}: ${why}`, { subject, rule: `text-proto-${rule}` });
  }
}

function tokensOf(text: string, subject: string): Token[] {
  const tokens: Token[] = [];
  for (const [, double, single, word, mark, other] of text.matchAll(lexeme)) {
    const string = double ?? single;
    if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (other !== undefined)
      throw new MlbomError('E_MALFORMED', `${subject}: not Protocol Buffers' text`, {
        subject,
        rule: 'text-proto',
      });
    if (tokens.length > limits.textProtoTokens)
      throw new MlbomError('E_LIMIT', `${subject}: too many values`, { subject, rule: 'text-proto-size' });
  }
  return tokens;
}

/** The escapes that names and paths have; numbers of bytes stay as they are. */
function unescaped(text: string): string {
  return text.replace(/\\([\\"'nrt])/g, (_, mark: string) => ({ n: '\n', r: '\r', t: '\t' })[mark] ?? mark);
}
