/** The titles of licences that many models have, as their texts begin; SPDX's identifiers. */
const titles: readonly (readonly [RegExp, string])[] = [
  [/^apache license version 2\.0,? january 2004/, 'Apache-2.0'],
  [/^(?:the )?mit license/, 'MIT'],
  [/^bsd 3-clause license/, 'BSD-3-Clause'],
  [/^bsd 2-clause license/, 'BSD-2-Clause'],
  [/^gnu affero general public license version 3/, 'AGPL-3.0-only'],
  [/^gnu general public license version 3/, 'GPL-3.0-only'],
  [/^(?:creative commons )?attribution-noncommercial 4\.0 international/, 'CC-BY-NC-4.0'],
  [/^(?:creative commons )?attribution-sharealike 4\.0 international/, 'CC-BY-SA-4.0'],
  [/^(?:creative commons )?attribution 4\.0 international/, 'CC-BY-4.0'],
];

/** The licence that a text is, by its title; undefined for licences that SPDX has no name for. */
export function licenseOfText(text: string): string | undefined {
  const beginning = text
    .slice(0, 512)
    .replace(/[\s=*#]+/g, ' ')
    .trim()
    .toLowerCase();
  return titles.find(([title]) => title.test(beginning))?.[1];
}
