import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readXml, type XmlTag } from '../../src/formats/xml/read-xml.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

describe('readXml', () => {
  it('gives tags with their attributes and depth, past all that is none', async () => {
    const tags = await read(
      `<?xml version="1.0"?><!-- <no/> --><net name='a &lt;&amp;&#65;&#x42;&unknown;' v="a > b">\n<b/>text<![CDATA[<c>]]></net>\n`,
    );
    expect(
      tags.map(({ kind, name, depth, attributes }) => [kind, name, depth, Object.fromEntries(attributes)]),
    ).toEqual([
      ['open', 'net', 0, { name: 'a <&AB&unknown;', v: 'a > b' }],
      ['open', 'b', 1, {}],
      ['close', 'b', 1, {}],
      ['close', 'net', 0, {}],
    ]);
  });

  it('reads what lies across the pieces in which a document is fetched', async () => {
    const items = Array.from(
      { length: 20_000 },
      (_, i) => `<item number="${i}" name="größe"/><!-- ${i} -->`,
    ).join('');
    const tags = await read(`<list>${items}</list>`);
    const numbers = tags
      .filter(({ kind, name }) => kind === 'open' && name === 'item')
      .map(({ attributes }) => attributes.get('number'));
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, i) => String(i)));
    expect(
      tags.every(
        ({ name, kind, attributes }) =>
          name !== 'item' || kind === 'close' || attributes.get('name') === 'größe',
      ),
    ).toBe(true);
  });

  it.each([
    ['a document type', 'E_UNSUPPORTED xml-doctype', '<!DOCTYPE a [<!ENTITY b "c">]><a/>'],
    ['an attribute twice', 'E_MALFORMED xml-duplicate-attribute', '<a b="1" b="2"/>'],
    ['elements that overlap', 'E_MALFORMED xml-nesting', '<a><b></a></b>'],
    ['two roots', 'E_MALFORMED xml-root', '<a/><b/>'],
    ['an attribute without quotes', 'E_MALFORMED xml-tag', '<a b=1/>'],
    ['no element', 'E_MALFORMED xml-truncated', 'text'],
    ['too many levels', 'E_LIMIT xml-depth', '<a>'.repeat(limits.xmlDepth + 1)],
    ['a tag that is too long', 'E_LIMIT xml-tag', `<a b="${'x'.repeat(limits.xmlTagBytes + 300_000)}`],
  ])('refuses %s', async (_what, expected, text) => {
    expect(await refusal(read(text))).toBe(expected);
  });

  survivesHostileBytes(consume, Buffer.from('<net a="b"><!-- c --><d e=\'&lt;\'/></net>'), {
    refusesEveryTruncation: true,
  });
});

function read(text: string): Promise<XmlTag[]> {
  return consume(memorySource(Buffer.from(text)));
}

async function consume(source: Parameters<typeof readXml>[0]): Promise<XmlTag[]> {
  const tags: XmlTag[] = [];
  for await (const tag of readXml(source)) tags.push(tag);
  return tags;
}
