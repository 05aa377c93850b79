/**
 * Characters that act on a terminal or hide what is read: controls (so every escape sequence), format characters
 * (so bidirectional overrides: CVE-2021-42574), line and paragraph separators, halves of characters, and what draws
 * nothing.
 */
const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Text from a BOM as one harmless line: acting characters become visible escapes (`\n`, `\u{202e}`), so that nothing
 * is executed, nothing is hidden, and two different names do not look the same.
 * @param longest code points kept; what is cut off is counted
 */
export function plainText(text: string, longest = Number.POSITIVE_INFINITY): string {
  const escaped = (part: string) => part.replace(acting, visible);
  // No character has more than two units: what lies beyond need not be looked at.
  if (text.length <= longest) return escaped(text);
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  if (characters.length <= longest) return escaped(text);
  const kept = characters.slice(0, longest).join('');
  return `${escaped(kept)}… (+${text.length - kept.length})`;
}

function visible(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
