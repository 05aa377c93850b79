/** Lines of at most `width` characters, broken at spaces, and within words (paths, digests) that are longer. */
export function wrapText(text: string, width: number): string[] {
  const columns = Math.max(8, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    // Counted in code points, so that no character is torn.
    for (let rest = Array.from(word); rest.length > columns; rest = Array.from(line)) {
      lines.push(rest.slice(0, columns).join(''));
      line = rest.slice(columns).join('');
    }
  }
  return [...lines, line];
}
