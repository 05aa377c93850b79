/** The text, or of a longer one as much as `longest` UTF-16 units hold with an ellipsis; no character is cut in half. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
