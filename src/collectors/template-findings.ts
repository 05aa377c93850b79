import { isMlbomError } from '../core/errors.ts';
import { finding, type Finding, type FindingRule } from '../core/finding.ts';
import { tokenizeJinja, type JinjaPart } from '../formats/jinja/tokenize.ts';
import { behaviourMatches } from './template-behaviour.ts';
import { codeMatches } from './template-code.ts';
import { tooLarge } from './template-rules.ts';
import { textMatches } from './template-text.ts';

/** A rule that matched at a place of the template, in UTF-16 units. */
export interface TemplateMatch {
  readonly rule: FindingRule;
  readonly at: number;
  /** A sentence without a full stop. */
  readonly message: string;
}

/** Findings of one rule in one template that are listed. */
const most = 8;

/**
 * What a chat template (Jinja) can do to whoever renders it, and to whoever is answered.
 * @param symbol where in the file the template stands (a GGUF key, a JSON pointer); absent when it is the whole file,
 * and then findings have their offset in it
 */
export function templateFindings(
  text: string,
  path: string,
  { symbol }: { readonly symbol?: string } = {},
): Finding[] {
  return listed(matchesIn(text)).map(({ rule, at, message }) =>
    symbol === undefined
      ? finding(rule, path, message, { offset: Buffer.byteLength(text.slice(0, at)) })
      : finding(rule, path, `${message} (character ${at + 1} of the template)`, { symbol }),
  );
}

function matchesIn(text: string): TemplateMatch[] {
  let parts: JinjaPart[];
  try {
    parts = tokenizeJinja(text);
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return [...textMatches([], text), { rule: tooLarge, at: error.offset ?? 0, message: 'too many tokens' }];
  }
  return [...codeMatches(parts), ...behaviourMatches(parts), ...textMatches(parts, text)];
}

/** In the order of the template, the same thing said once, the first few of each rule. */
function listed(matches: readonly TemplateMatch[]): TemplateMatch[] {
  const said = new Set<string>();
  const counts = new Map<string, number>();
  return matches
    .toSorted((a, b) => a.at - b.at)
    .filter(({ rule: { id }, message }) => {
      if (said.has(`${id} ${message}`)) return false;
      said.add(`${id} ${message}`);
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return count <= most;
    });
}
