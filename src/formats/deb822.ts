import { MlbomError } from '../core/errors.ts';
import { linesOf } from './lines.ts';

/** One paragraph: its fields by their names in lower case. */
export type Stanza = ReadonlyMap<string, string>;

/**
 * The paragraphs of a Debian control file (deb822(5)). The lines of a field that goes on are joined by line ends.
 * @throws MlbomError `E_MALFORMED` for a line that is no field, and for a field twice in a paragraph
 */
export function* parseDeb822(text: string, subject: string): Generator<Stanza> {
  let stanza = new Map<string, string>();
  let name: string | undefined;
  let value: string[] = [];
  let line = 0;

  function keep(): void {
    if (name === undefined) return;
    if (stanza.has(name)) throw malformed(subject, `the field ${name} twice before line ${line}`);
    stanza.set(name, value.join('\n').trim());
    name = undefined;
  }

  for (const raw of linesOf(text)) {
    line++;
    if (raw.trim() === '') {
      keep();
      if (stanza.size > 0) yield stanza;
      stanza = new Map();
    } else if (raw.startsWith(' ') || raw.startsWith('\t')) {
      if (name === undefined) throw malformed(subject, `line ${line} goes on with no field`);
      value.push(raw.slice(1));
    } else if (!raw.startsWith('#')) {
      keep();
      const colon = raw.indexOf(':');
      const key = raw.slice(0, Math.max(colon, 0)).toLowerCase();
      if (!/^[!-9;-~]{1,256}$/.test(key)) throw malformed(subject, `line ${line} is no field`);
      name = key;
      value = [raw.slice(colon + 1).trimStart()];
    }
  }
  keep();
  if (stanza.size > 0) yield stanza;
}

function malformed(subject: string, why: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${subject}: ${why}`, { subject, rule: 'deb822' });
}
