import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { references } from '../../src/bom/rules/references.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/core/json.ts';

const library = dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'));
const referenceTypes = ['#/definitions/refType', '#/definitions/refLinkType'];

/** Every `holder.member` of the schema whose value is a bom-ref of something else. */
function referencesIn(schema: JsonObject): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  visit(schema, '', '');
  return found;

  function visit(node: JsonValue | undefined, holder: string, member: string): void {
    if (Array.isArray(node)) for (const item of node) visit(item, holder, member);
    if (!isObject(node)) return;
    const { $ref, properties } = node;
    if (typeof $ref === 'string') {
      if (referenceTypes.includes($ref)) {
        if (member !== 'bom-ref') found.add(`${holder}.${member}`);
        return;
      }
      const key = `${$ref} ${holder}.${member}`;
      const name = /^#\/definitions\/(.+)$/.exec($ref)?.[1];
      if (name === undefined || seen.has(key)) return;
      seen.add(key);
      visit((schema['definitions'] as JsonObject)[name], holder, member);
    }
    if (isObject(properties)) {
      for (const [name, child] of Object.entries(properties)) visit(child, member, name);
    }
    for (const keyword of ['items', 'oneOf', 'anyOf', 'allOf']) visit(node[keyword], holder, member);
  }
}

test.each(['1.6', '1.7'])('the lint knows every reference of the schema of %s', (version) => {
  const file = join(library, 'res', 'schema', `bom-${version}.SNAPSHOT.schema.json`);
  const found = referencesIn(JSON.parse(readFileSync(file, 'utf8')) as JsonObject);
  expect(found.size).toBeGreaterThan(30);
  expect([...found].filter((key) => !Object.hasOwn(references, key))).toEqual([]);
});
