import { plainText } from './plain-text.ts';

/**
 * Text from a BOM as text in markdown, and nothing else: every character that markdown, HTML or a forge gives a
 * meaning (tables, links, images, mentions, issue numbers) becomes a character reference.
 * @param longest code points kept
 */
export function markdownText(text: string, longest: number): string {
  // Forges look for mentions and issue numbers in the rendered text, so a space of no width parts sign and name.
  return referenced(plainText(text, longest)).replace(/&#(?:64|35);/g, '$&&#8203;');
}

/** The same as code. Forges look for no mentions there, so the text is exact and can be copied. */
export function markdownCode(text: string, longest: number): string {
  return `<code>${referenced(plainText(text, longest))}</code>`;
}

/**
 * Character references are literal text in CommonMark (§6.2): they open no code span, link, table cell or tag.
 * Punctuation that only ever is punctuation stays readable, but for the dot that makes a link of `www.` (GFM §6.9).
 */
function referenced(text: string): string {
  return text.replace(
    /[^\p{L}\p{N}\p{M}\p{S} /…·→,;.'"()?%-]|[$+<=>^`|~]|(?<=www)\./giu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}
