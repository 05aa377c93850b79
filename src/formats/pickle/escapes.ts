/** The characters of a quoted STRING line, as Python's `codecs.escape_decode` reads it: one for each byte. */
export function unescapeString(line: string): string {
  const quoted = /^\s*(['"])([^]*)\1\s*$/.exec(line)?.[2] ?? line;
  if (!quoted.includes('\\')) return quoted;
  return quoted.replace(
    /\\(?:x([\da-fA-F]{2})|([0-7]{1,3})|([^]))/g,
    (whole, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      return letters[other ?? ''] ?? whole;
    },
  );
}

/** The characters of a UNICODE line: Python's `raw-unicode-escape`. */
export function unescapeUnicode(line: string): string {
  if (!line.includes('\\')) return line;
  return line.replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g, (whole, four?: string, eight?: string) => {
    const code = parseInt(four ?? eight ?? '', 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

const letters: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
