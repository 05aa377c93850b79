import type { ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';

/** A tag of an XML document; an empty element gives both, one after the other. */
export interface XmlTag {
  readonly kind: 'open' | 'close';
  readonly name: string;
  /** Of an opening tag, references resolved; none of a closing one. */
  readonly attributes: ReadonlyMap<string, string>;
  /** 0 for the root. */
  readonly depth: number;
}

const chunkBytes = 256 * 1024;
const names = /[A-Za-z_:][\w.:-]*/y;
const attribute = /\s+([A-Za-z_:][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const none: ReadonlyMap<string, string> = new Map();

/**
 * The tags of a document, one after the other, without the whole in memory (XML 1.0). Text between them is passed over.
 * A document type is refused, so that there are no entities but the five of XML itself and characters by number.
 * @throws MlbomError `E_MALFORMED` for what is not well-formed, `E_LIMIT`, `E_UNSUPPORTED` for a document type
 */
export async function* readXml(source: ByteSource): AsyncGenerator<XmlTag> {
  if (source.size > limits.xmlBytes) throw xmlError('E_LIMIT', 'size', `${source.size} bytes`);
  const input = new TextWindow(source);
  const open: string[] = [];
  let tags = 0;
  let ended = false;
  for (;;) {
    const markup = await nextMarkup(input);
    if (markup === undefined) break;
    if (++tags > limits.xmlTags) throw xmlError('E_LIMIT', 'tags', 'too many tags');
    if (ended) throw xmlError('E_MALFORMED', 'root', 'something follows the root');
    if (markup.startsWith('/')) {
      const name = markup.slice(1).trimEnd();
      if (open.pop() !== name)
        throw xmlError('E_MALFORMED', 'nesting', `${name.slice(0, 80)} is closed and not open`);
      yield { kind: 'close', name, attributes: none, depth: open.length };
    } else {
      const empty = markup.endsWith('/');
      const tag = parseTag(empty ? markup.slice(0, -1) : markup);
      yield { kind: 'open', ...tag, depth: open.length };
      if (empty) yield { kind: 'close', name: tag.name, attributes: none, depth: open.length };
      else open.push(tag.name);
      if (open.length > limits.xmlDepth) throw xmlError('E_LIMIT', 'depth', 'nested too deeply');
    }
    ended = open.length === 0;
  }
  if (!ended) throw xmlError('E_MALFORMED', 'truncated', 'it ends before its elements do');
}

/** What stands between `<` and `>` of the next tag; comments, instructions and character data are passed over. */
async function nextMarkup(input: TextWindow): Promise<string | undefined> {
  for (;;) {
    if (!(await input.skipTo('<'))) return undefined;
    if (await input.startsWith('<!--')) await input.skipPast('-->');
    else if (await input.startsWith('<?')) await input.skipPast('?>');
    else if (await input.startsWith('<![CDATA[')) await input.skipPast(']]>');
    else if (await input.startsWith('<!'))
      throw xmlError('E_UNSUPPORTED', 'doctype', 'a document type, whose entities are not resolved');
    else return input.tag();
  }
}

function parseTag(markup: string): { name: string; attributes: ReadonlyMap<string, string> } {
  names.lastIndex = 0;
  const name = names.exec(markup)?.[0];
  if (name === undefined) throw xmlError('E_MALFORMED', 'tag', 'a tag without a name');
  const attributes = new Map<string, string>();
  let at = name.length;
  for (;;) {
    attribute.lastIndex = at;
    const match = attribute.exec(markup);
    if (!match) break;
    const [all, key = '', double, single] = match;
    if (attributes.has(key))
      throw xmlError('E_MALFORMED', 'duplicate-attribute', `the attribute ${key.slice(0, 80)} twice`);
    attributes.set(key, resolved(double ?? single ?? ''));
    at += all.length;
  }
  if (markup.slice(at).trim() !== '')
    throw xmlError('E_MALFORMED', 'tag', `what follows in ${name.slice(0, 80)} is no attribute`);
  return { name, attributes };
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function resolved(value: string): string {
  if (!value.includes('&')) return value;
  return value.replace(/&([^;&]{1,10});/g, (all, name: string) => {
    const known = entities.get(name);
    if (known !== undefined) return known;
    const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const code =
      digits?.[1] === undefined ? Number(digits?.[2] ?? Number.NaN) : Number.parseInt(digits[1], 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** The text of the source from where reading stands, brought in piece by piece. */
class TextWindow {
  readonly #source: ByteSource;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #text = '';
  #at = 0;
  #offset = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** False when the text ends before. */
  async skipTo(mark: string): Promise<boolean> {
    for (;;) {
      const found = this.#text.indexOf(mark, this.#at);
      if (found >= 0) {
        this.#at = found;
        return true;
      }
      this.#text = '';
      this.#at = 0;
      if (!(await this.#more())) return false;
    }
  }

  async startsWith(text: string): Promise<boolean> {
    while (this.#text.length - this.#at < text.length && (await this.#more()));
    return this.#text.startsWith(text, this.#at);
  }

  /** @throws MlbomError `E_MALFORMED` when the text ends before */
  async skipPast(mark: string): Promise<void> {
    for (;;) {
      const found = this.#text.indexOf(mark, this.#at);
      if (found >= 0) {
        this.#at = found + mark.length;
        return;
      }
      // The mark may be cut in two.
      this.#at = Math.max(this.#at, this.#text.length - mark.length + 1);
      if (!(await this.#more()))
        throw xmlError('E_MALFORMED', 'truncated', 'it ends in a comment or the like');
    }
  }

  /** The tag here, without its angle brackets; a `>` in quotes is none. */
  async tag(): Promise<string> {
    let at = this.#at + 1;
    let quote = '';
    for (;;) {
      for (; at < this.#text.length; at++) {
        const character = this.#text[at] ?? '';
        if (quote !== '') {
          if (character === quote) quote = '';
        } else if (character === '"' || character === "'") quote = character;
        else if (character === '>') {
          const markup = this.#text.slice(this.#at + 1, at);
          this.#at = at + 1;
          return markup;
        }
      }
      if (at - this.#at > limits.xmlTagBytes) throw xmlError('E_LIMIT', 'tag', 'a tag that is too long');
      const before = this.#at;
      if (!(await this.#more())) throw xmlError('E_MALFORMED', 'truncated', 'it ends in a tag');
      at -= before - this.#at;
    }
  }

  async #more(): Promise<boolean> {
    if (this.#offset >= this.#source.size) return false;
    const length = Math.min(chunkBytes, this.#source.size - this.#offset);
    const bytes = await this.#source.read({ offset: this.#offset, length });
    this.#offset += length;
    try {
      const text = this.#decoder.decode(bytes, { stream: this.#offset < this.#source.size });
      this.#text = this.#text.slice(this.#at) + text;
      this.#at = 0;
      return true;
    } catch (cause) {
      throw new MlbomError('E_MALFORMED', 'xml: not UTF-8', { rule: 'xml-utf-8', cause });
    }
  }
}

function xmlError(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  message: string,
): MlbomError {
  return new MlbomError(code, `xml: ${message}`, { rule: `xml-${rule}` });
}
