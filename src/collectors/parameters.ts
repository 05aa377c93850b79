import { isObject, type JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { shortened } from '../core/shortened.ts';

/** Parameters that are kept of one configuration. */
const most = 500;
/** Objects in objects that are looked into. */
const deepest = 4;
/** Names whose values are keys and passwords, whatever they look like. */
const secret = /token(?!izer|s\b)|secret|passw|api[-_]?key|credential|private[-_]?key/i;

/** The settings of a run: scalars by their dotted name, sorted as they stand; never what a name calls a secret. */
export function parametersOf(value: JsonValue | undefined): { name: string; value: string }[] {
  const list: { name: string; value: string }[] = [];
  function visit(part: JsonValue | undefined, name: string, depth: number): void {
    if (list.length >= most || part === undefined || part === null || secret.test(name)) return;
    if (isObject(part)) {
      if (depth === deepest) return;
      for (const [key, member] of Object.entries(part))
        visit(member, name === '' ? key : `${name}.${key}`, depth + 1);
      return;
    }
    const text = Array.isArray(part) ? listText(part) : String(part);
    if (text !== undefined && name !== '') {
      list.push({
        name: shortened(name, limits.provenanceText),
        value: shortened(withoutHome(text), limits.provenanceText),
      });
    }
  }
  visit(value, '', 0);
  return list;
}

/** A list of plain values as one text. */
function listText(list: readonly JsonValue[]): string | undefined {
  const plain = list.slice(0, 64).filter((item) => typeof item !== 'object');
  return plain.length === 0 ? undefined : plain.map(String).join(', ');
}

/** Where somebody's home is says who they are; addresses can carry passwords. */
function withoutHome(text: string): string {
  return text
    .replace(/(?:\/(?:home|Users|root)\/|[A-Z]:\\Users\\)[^\s,]*[/\\]/g, '…/')
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1');
}
