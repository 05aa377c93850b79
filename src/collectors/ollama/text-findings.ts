import { isMlbomError } from '../../core/errors.ts';
import { finding, type Finding } from '../../core/finding.ts';
import type { JinjaPart } from '../../formats/jinja/tokenize.ts';
import type { TemplateMatch } from '../template-findings.ts';
import { tooLarge } from '../template-rules.ts';
import { textMatches } from '../template-text.ts';
import { comparedTexts } from './compared-texts.ts';
import { goTemplateParts } from './go-template-parts.ts';

/** What a template of Ollama says to the model, and when it says something else. */
export function goTemplateFindings(text: string, path: string): readonly Finding[] {
  let parts: readonly JinjaPart[];
  try {
    parts = goTemplateParts(text);
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return [finding(tooLarge, path, 'too many tokens', { offset: 0 }), ...proseFindings(text, path)];
  }
  return listed([...comparedTexts(parts), ...textMatches(parts, text)], text, path);
}

/** What a text says that goes to the model as it is: a system prompt, a message. */
export function proseFindings(text: string, path: string, symbol?: string): readonly Finding[] {
  return listed(textMatches([{ kind: 'text', value: text, offset: 0 }], text), text, path, symbol);
}

/** Findings of one rule in one text that are listed. */
const most = 8;

function listed(matches: readonly TemplateMatch[], text: string, path: string, symbol?: string): Finding[] {
  const counts = new Map<string, number>();
  return matches
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ rule, at, message }) => {
      const count = (counts.get(rule.id) ?? 0) + 1;
      counts.set(rule.id, count);
      if (count > most) return [];
      const place = symbol === undefined ? { offset: Buffer.byteLength(text.slice(0, at)) } : { symbol };
      return [finding(rule, path, message, place)];
    });
}
