import { shortened } from '../core/shortened.ts';
import { webUrl } from '../core/web-url.ts';
import { joinedStrings } from '../formats/jinja/joined-strings.ts';
import type { JinjaPart } from '../formats/jinja/tokenize.ts';
import type { TemplateMatch } from './template-findings.ts';
import { address, fixedText, invisible, secrecy } from './template-rules.ts';

/** Characters of one literal text from which on it is more than the frame of a conversation. */
const longText = 1200;

const url = /\bhttps?:\/\/[^\s"'<>()[\]{}\\`\u0000]{3,}/gi;
/** Names of vocabularies that tools are described in, not addresses that anybody visits. */
const vocabularies = /^https?:\/\/(?:(?:www\.)?json-schema\.org|www\.w3\.org|schema\.org)(?:\/|$)/i;

/**
 * Flags of regions are made of tags, as one sequence; joiners belong to emoji and to scripts that join letters.
 * Everything else here is seen by nobody: zero width, direction, tags, variation selectors for bytes, controls.
 */
const unseen =
  /\u{1F3F4}[\u{E0061}-\u{E007A}\u{E0030}-\u{E0039}]+\u{E007F}|(\u200B|[\u2060-\u2064]|\u180E|\u115F|\u1160|\u3164|[\u202A-\u202E]|[\u2066-\u2069]|[\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]|(?<=[\0-\x7F])(?:\u200C|\u200D)|(?!^)\uFEFF|[\0-\x08\x0B\x0E-\x1F\x7F])/gu;

const secretive =
  /\bhidden\s+instructions?\b|\bwithout\s+(?:telling|informing|alerting)\s+(?:the\s+|any)?(?:user|human|one)|\b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:the\s+|your\s+)?(?:previous|prior|above|earlier|preceding)\s+(?:instructions|messages|prompts|rules)/i;

/** What a template says, and what it hides in the saying. */
export function textMatches(parts: readonly JinjaPart[], template: string): TemplateMatch[] {
  const texts = parts.flatMap((part): { value: string; offset: number }[] => {
    // The text of a literal begins behind its quote.
    if ('tokens' in part) return joinedStrings(part.tokens).map((it) => ({ ...it, offset: it.offset + 1 }));
    return part.kind === 'text' ? [part] : [];
  });
  return [...texts.flatMap(saidIn), ...unseenIn(template)];
}

function saidIn({ value, offset }: { value: string; offset: number }): TemplateMatch[] {
  const matches: TemplateMatch[] = [];
  for (const { 0: found, index } of value.matchAll(url)) {
    // Without credentials and without a query: those are nobody's business in a report.
    const shown = webUrl(found);
    if (shown === undefined || vocabularies.test(shown)) continue;
    matches.push({ rule: address, at: offset + index, message: `it names ${shortened(shown, 160)}` });
  }
  const secret = secretive.exec(value);
  if (secret) {
    const said = JSON.stringify(shortened(secret[0].replace(/\s+/g, ' '), 80));
    matches.push({ rule: secrecy, at: offset + secret.index, message: `it says ${said}` });
  }
  const length = value.trim().length;
  if (length > longText)
    matches.push({ rule: fixedText, at: offset, message: `fixed instructions of ${length} characters` });
  return matches;
}

function unseenIn(template: string): TemplateMatch[] {
  const counts = new Map<string, { at: number; count: number }>();
  for (const { 1: character, index } of template.matchAll(unseen)) {
    if (character === undefined) continue;
    const name = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const known = counts.get(name);
    if (known) known.count++;
    else counts.set(name, { at: index, count: 1 });
  }
  const [first, ...others] = counts;
  if (!first) return [];
  const [name, { at }] = first;
  const total = [...counts.values()].reduce((sum, { count }) => sum + count, 0);
  const more = others.length > 0 ? ` and ${others.length} other kinds` : '';
  return [{ rule: invisible, at, message: `${total} characters of ${name}${more}` }];
}
