import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { errorsOf } from '../../generated/config-v1.js';
import { isMlbomError, type MlbomError } from '../../src/core/errors.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { limits } from '../../src/core/limits.ts';
import { readDeclaration } from '../../src/operations/read-declaration.ts';
import { directoryWith } from './declaration-files.ts';
import { alteredDeclarations, fullDeclaration } from './full-declaration.ts';

const { $schema, version, ...content } = fullDeclaration();

test.each([
  ['json', JSON.stringify(fullDeclaration())],
  ['yaml', stringify(fullDeclaration())],
  ['YML', stringify(fullDeclaration())],
])('every field is read from .%s, without the members that are about the file', async (extension, text) => {
  const directory = directoryWith({ [`declared.${extension}`]: text });
  expect([$schema, version]).not.toContain(undefined);
  const declaration = await readDeclaration(join(directory, `declared.${extension}`));
  expect(declaration).toEqual({ ...content, source: `declared.${extension}` });
});

test('a declaration may say nothing', async () => {
  expect(await read({ version: 1 })).toEqual({ source: 'file.json' });
});

test('the example names every property of the schema', () => {
  const schema = JSON.parse(readFileSync('schemas/config-v1.schema.json', 'utf8')) as JsonObject;
  const named = namesIn(schema, schema, fullDeclaration());
  const given = new Set(named.flatMap((member) => (member.given ? [member.path] : [])));
  expect(given.size).toBeGreaterThan(80);
  expect(named.filter(({ path }) => !given.has(path))).toEqual([]);
});

test('every property of the schema has a title and a description', () => {
  const schema = JSON.parse(readFileSync('schemas/config-v1.schema.json', 'utf8')) as JsonObject;
  const plain = propertiesIn(schema).filter(({ value }) => !value['title'] || !value['description']);
  expect(plain.map(({ name }) => name)).toEqual([]);
});

test('everything that does not fit is told at once, each with its pointer', async () => {
  const error = await refused({
    version: 2,
    component: { nmae: 'x', approach: 'guessing', releaseDate: 'soon', supplier: {} },
    datasets: [],
  });
  expect(error.code).toBe('E_CONFIG');
  expect(error.subject).toMatch(/file\.json$/);
  expect(error.next).toBeDefined();
  const pointers = Array.from(error.message.matchAll(/[:;] (\/\w+(?:\/\w+)*): /g), ([, pointer]) => pointer);
  expect(pointers.sort()).toEqual([
    '/component/approach',
    '/component/nmae',
    '/component/releaseDate',
    '/component/supplier',
    '/datasets',
    '/version',
  ]);
});

describe('what would not give a valid BOM is refused:', () => {
  test.each<[string, JsonObject]>([
    ['no version', {}],
    ['a lifecycle phase that CycloneDX does not have', { bom: { lifecycle: 'production' } }],
    ['a party that says nothing', { bom: { authors: [{}] } }],
    [
      'an author with nothing but a URL, for which a contact has no field',
      { bom: { authors: [{ url: 'https://example.org' }] } },
    ],
    ['a mail address that is none', { bom: { supplier: { email: 'example.org' } } }],
    ['a URL with a space', { bom: { supplier: { url: 'https://example.org/a b' } } }],
    [
      'a reference of an unknown type',
      { component: { references: [{ type: 'card', url: 'https://example.org' }] } },
    ],
    ['a security contact that is neither address nor URL', { component: { securityContact: 'the desk' } }],
    ['a purl that is none', { component: { purl: 'pkg:nothing' } }],
    ['a version longer than CycloneDX allows', { component: { version: '1'.repeat(1025) } }],
    ['a number of parameters that is none', { component: { parameters: '8x7B' } }],
    ['no parameters at all', { component: { parameters: 0 } }],
    ['a digest of the wrong length', { datasets: [{ name: 'x', sha256: 'ab' }] }],
    ['a source that is no IRI', { dataFlows: [{ service: 'x', flow: 'inbound', source: ['the crm'] }] }],
    ['a direction that CycloneDX does not have', { dataFlows: [{ service: 'x', flow: 'sideways' }] }],
    ['a time without its zone', { training: { run: 'x', startedAt: '2026-01-31T12:00:00' } }],
    ['one input twice', { training: { run: 'x', inputs: ['a', 'a'] } }],
    [
      'energy without its provider',
      { component: { energyConsumptions: [{ activity: 'training', kilowattHours: 1 }] } },
    ],
    [
      'a secret in a URL',
      { dataFlows: [{ service: 'x', flow: 'inbound', endpoints: ['https://u:secret@example.org'] }] },
    ],
    [
      'a secret as a hyper-parameter',
      { training: { run: 'x', parameters: { token: `hf_${'a'.repeat(34)}` } } },
    ],
    [
      'a secret as the name of a statistic',
      { datasets: [{ name: 'x', statistics: { [`hf_${'a'.repeat(34)}`]: 1 } }] },
    ],
    ['half a character', { component: { name: '\ud800' } }],
    ['a list', [] as unknown as JsonObject],
  ])('%s', async (_, document) => {
    const file = Array.isArray(document) ? document : { version: 1, ...document };
    if (_ === 'no version') delete (file as JsonObject)['version'];
    expect((await refused(file as JsonObject)).code).toBe('E_CONFIG');
  });
});

test('hyper-parameters may be called anything that is no secret', async () => {
  const parameters = { purl: 'x', versionRange: '1', 'bom-ref': 'y', 'a/b~c': true };
  expect(await read({ version: 1, training: { run: 'r', parameters } })).toMatchObject({
    training: { parameters },
  });
});

test.each(['0.5B', '7B', '1.1b', '235B', '137M', '999.999T', 7_000_000_000])(
  'the number of parameters %j is understood',
  async (parameters) => {
    expect(await read({ version: 1, component: { parameters } })).toMatchObject({
      component: { parameters },
    });
  },
);

test.each([
  ['no JSON', 'x.json', '{'],
  ['a name twice', 'x.json', '{"version":1,"version":1}'],
  ['something after the value', 'x.json', '{"version":1} {}'],
  ['`__proto__`', 'x.json', '{"version":1,"__proto__":{"component":{"name":"x"}}}'],
  ['`__proto__` below', 'x.json', '{"version":1,"component":{"__proto__":{"name":"x"}}}'],
  ['deep nesting', 'x.json', `{"version":1,"component":${'['.repeat(100_000)}`],
  ['no YAML', 'x.yaml', 'a: [1'],
  ['a name twice in YAML', 'x.yaml', 'version: 1\nversion: 1\n'],
  ['`__proto__` in YAML', 'x.yaml', 'version: 1\n__proto__: {component: {name: x}}\n'],
  ['deep nesting in YAML', 'x.yaml', `version: 1\ncomponent: ${'['.repeat(100_000)}`],
  [
    'deep indentation in YAML',
    'x.yaml',
    Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  ],
  ['a "billion laughs"', 'x.yaml', laughs()],
  ['a tag that constructs something', 'x.yaml', 'version: 1\ncomponent: !!js/function "x"\n'],
  ['no UTF-8', 'x.yaml', Buffer.from([0xff, 0xfe])],
  ['nothing', 'x.json', ''],
  ['nothing in YAML', 'x.yaml', ''],
])('%s is refused as configuration', async (_, name, text) => {
  const path = join(directoryWith({ [name]: text }), name);
  await expect(readDeclaration(path)).rejects.toMatchObject({
    name: 'MlbomError',
    code: 'E_CONFIG',
    subject: path,
  });
});

test('a file beyond the limit is refused as configuration', async () => {
  const path = join(directoryWith({ 'x.json': ' '.repeat(limits.configBytes + 1) }), 'x.json');
  await expect(readDeclaration(path)).rejects.toMatchObject({ code: 'E_CONFIG' });
});

test('a file that is not there and one that is a directory are told apart', async () => {
  const directory = directoryWith({});
  mkdirSync(join(directory, 'x.json'));
  await expect(readDeclaration(join(directory, 'y.json'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await expect(readDeclaration(join(directory, 'x.json'))).rejects.toMatchObject({ code: 'E_UNREADABLE' });
});

describe('hostile files end in a declaration or E_CONFIG:', () => {
  test.each(['json', 'yaml'])('random bytes and text in .%s', async (extension) => {
    await survives(
      extension,
      fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300, unit: 'binary' })),
    );
  });

  test('random JSON values', async () => {
    await survives('json', fc.json());
  });

  test('random JSON values as YAML', async () => {
    await survives(
      'yaml',
      fc.jsonValue().map((value) => stringify(value)),
    );
  });

  test.each(['json', 'yaml'])(
    'a full declaration in .%s with one value or name replaced',
    async (extension) => {
      const write = extension === 'json' ? JSON.stringify : stringify;
      await survives(
        extension,
        alteredDeclarations().map((document) => write(document)),
      );
    },
  );

  test('a full declaration cut off anywhere', async () => {
    const text = JSON.stringify(fullDeclaration());
    await survives(
      'json',
      fc.nat({ max: text.length - 1 }).map((length) => text.slice(0, length)),
    );
  });
});

async function survives(extension: string, files: fc.Arbitrary<string | Uint8Array>): Promise<void> {
  const path = join(directoryWith({}), `x.${extension}`);
  await fc.assert(
    fc.asyncProperty(files, async (text) => {
      writeFileSync(path, text);
      try {
        expect(await readDeclaration(path)).toMatchObject({ source: `x.${extension}` });
      } catch (error) {
        if (!isMlbomError(error)) throw error;
        expect(error.code).toBe('E_CONFIG');
      }
      expect(Object.hasOwn(Object.prototype, 'component')).toBe(false);
    }),
    { numRuns: 200 },
  );
}

async function read(document: object): Promise<unknown> {
  return readDeclaration(join(directoryWith({ 'file.json': document }), 'file.json'));
}

async function refused(document: object): Promise<MlbomError> {
  try {
    await read(document);
  } catch (error) {
    if (isMlbomError(error)) return error;
    throw error;
  }
  throw new Error(`it was read, with ${errorsOf(document).length} errors of the schema`);
}

function laughs(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 0; i < 9; i++) {
    const [before, own] = [String.fromCharCode(97 + i), String.fromCharCode(98 + i)];
    lines.push(`${own}: &${own} [${Array(10).fill(`*${before}`).join(', ')}]`);
  }
  return lines.join('\n');
}

/** The members that the schema describes, and whether the example has them; those of a definition by its name. */
function namesIn(
  root: JsonObject,
  schema: JsonObject,
  example: JsonValue | undefined,
  path = '',
): { path: string; given: boolean }[] {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.slice('#/$defs/'.length);
    return namesIn(root, (root['$defs'] as JsonObject)[name] as JsonObject, example, name);
  }
  if (schema['items']) {
    return (example as JsonValue[]).flatMap((item) =>
      namesIn(root, schema['items'] as JsonObject, item, `${path}/-`),
    );
  }
  return Object.entries((schema['properties'] ?? {}) as JsonObject).flatMap(([name, member]) => {
    const value = (example as JsonObject)[name];
    const own = { path: `${path}/${name}`, given: value !== undefined };
    return value === undefined ? [own] : [own, ...namesIn(root, member as JsonObject, value, own.path)];
  });
}

function propertiesIn(schema: JsonValue): { name: string; value: JsonObject }[] {
  if (Array.isArray(schema)) return schema.flatMap(propertiesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  const own = (schema['properties'] ?? {}) as JsonObject;
  return [
    ...Object.entries(own).map(([name, value]) => ({ name, value: value as JsonObject })),
    ...Object.values(schema).flatMap(propertiesIn),
  ];
}
