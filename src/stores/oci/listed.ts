/** The first of many texts in one, and how many more there are: an index may have a thousand. */
export function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, most).map((text) => text.slice(0, longest));
  const more = texts.length > most ? `, and ${texts.length - most} more` : '';
  return `${shown.join(', ')}${more}`;
}

const most = 20;
const longest = 240;
