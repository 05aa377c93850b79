const escape =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{([^}]{0,80})\}|(\r?\n)|([^]))/g;

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/**
 * The text of a string literal as Python's `unicode-escape` reads it, which is what Jinja uses: `\x5f\x5fclass` is
 * `__class`. An escape that Python would refuse stays as it is.
 */
export function decodeEscapes(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    escape,
    (
      whole: string,
      hex2?: string,
      hex4?: string,
      hex8?: string,
      octal?: string,
      named?: string,
      newline?: string,
      other?: string,
    ) => {
      const hex = hex2 ?? hex4 ?? hex8;
      if (hex !== undefined) return character(parseInt(hex, 16), whole);
      if (octal !== undefined) return character(parseInt(octal, 8), whole);
      // The one name that matters: an underscore that nobody sees.
      if (named !== undefined) return named.toUpperCase() === 'LOW LINE' ? '_' : whole;
      if (newline !== undefined) return '';
      if (other === undefined) return whole;
      return Object.hasOwn(letters, other) ? (letters[other] ?? whole) : /['"\\]/.test(other) ? other : whole;
    },
  );
}

function character(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
