import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { tokenizeJinja, type JinjaPart } from '../../formats/jinja/tokenize.ts';

/**
 * Cuts a template of Go (text/template) into its text and its actions `{{ … }}`. The words in an action are written as
 * in Jinja; `{%` and `{#`, which begin something there, are text here.
 * @throws MlbomError `E_LIMIT` (`go-template`) for more actions or tokens than any template has
 */
export function goTemplateParts(text: string): readonly JinjaPart[] {
  const parts: JinjaPart[] = [];
  let tokens = 0;
  let at = 0;
  while (at < text.length) {
    const open = indexOf(text, '{{', at);
    if (open > at) parts.push({ kind: 'text', value: text.slice(at, open), offset: at });
    if (open === text.length) break;
    // A comment of Go is shown to nobody, and quotes mean nothing in it.
    const comment = /\{\{(?:- )?\/\*/y;
    comment.lastIndex = open;
    const isComment = comment.test(text);
    const end = isComment
      ? indexOf(text, '}}', indexOf(text, '*/', open + 4)) + 2
      : endOfAction(text, open + 2);
    for (const part of isComment ? [] : tokenizeJinja(withoutRawQuotes(text.slice(open, end)))) {
      if (!('tokens' in part)) continue;
      tokens += part.tokens.length;
      const moved = part.tokens.map((token) => ({ ...token, offset: token.offset + open }));
      parts.push({ ...part, offset: open, tokens: moved });
    }
    if (tokens > limits.templateTokens || parts.length > limits.templateTokens) throw tooMuch();
    at = end;
  }
  return parts;
}

/** Behind the `}}` that is in no string. */
function endOfAction(text: string, start: number): number {
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote === '') {
      if (text.startsWith('}}', at)) return at + 2;
      if ('"`\''.includes(character)) quote = character;
    } else if (character === '\\' && quote !== '`') at++;
    else if (character === quote || (character === '\n' && quote !== '`')) quote = '';
  }
  return text.length;
}

/** What stands between backquotes is a string; what Jinja would take for the end of one is not. */
function withoutRawQuotes(action: string): string {
  return action.replace(/`([^`"]*)`/g, '"$1"');
}

function indexOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

function tooMuch(): MlbomError {
  return new MlbomError('E_LIMIT', `a template of more than ${limits.templateTokens} tokens`, {
    rule: 'go-template',
  });
}
