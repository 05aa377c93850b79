/**
 * Compiles the schemas that mlbom validates against into plain modules in `generated/`:
 * CycloneDX 1.6 and 1.7 from the installed library, and every `schemas/*.schema.json` of our own.
 * Validation then starts in milliseconds and needs no compiler at run time.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'generated');
const require = createRequire(import.meta.url);
const library = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res', 'schema');
const runtime = join(root, 'scripts', 'schema-runtime.js');
const specVersions = ['1.6', '1.7'];
const shared = ['spdx', 'jsf-0.82', 'cryptography-defs'].map((name) => `${name}.SNAPSHOT.schema.json`);

/**
 * Makes `generated/`, unless it is there and made from the same inputs.
 * @returns {Promise<boolean>} whether anything was made
 */
export async function buildSchemas() {
  const stamp = join(out, 'inputs.sha256');
  const inputs = digestOfInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return false;
  mkdirSync(out, { recursive: true });
  write('runtime.js', readFileSync(runtime, 'utf8'));
  const { compileSchema } = await compiler();
  for (const version of specVersions) {
    const schema = readSchema(join(library, `bom-${version}.SNAPSHOT.schema.json`));
    const others = shared.map((name) => readSchema(join(library, name)));
    writeModule(`cyclonedx-${version}`, compileSchema(schema, others));
  }
  for (const file of ownSchemas()) {
    writeModule(
      file.replace(/\.schema\.json$/, ''),
      compileSchema(readSchema(join(root, 'schemas', file)), []),
    );
  }
  write('spdx-ids.js', `export const spdxIds = new Set(${JSON.stringify(spdxIds())});\n`);
  write(
    'spdx-ids.d.ts',
    `/** The licence ids that CycloneDX's schemas allow. */\nexport const spdxIds: ReadonlySet<string>;\n`,
  );
  writeFileSync(stamp, inputs);
  return true;
}

function digestOfInputs() {
  const files = [
    fileURLToPath(import.meta.url),
    runtime,
    require.resolve('ajv/package.json'),
    ...specVersions.map((version) => join(library, `bom-${version}.SNAPSHOT.schema.json`)),
    ...shared.map((name) => join(library, name)),
    ...ownSchemas().map((file) => join(root, 'schemas', file)),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function ownSchemas() {
  const folder = join(root, 'schemas');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.schema.json'))
    .sort();
}

function spdxIds() {
  return JSON.parse(readFileSync(join(library, shared[0]), 'utf8')).enum;
}

/** Loaded only when something must be compiled. */
async function compiler() {
  const [{ Ajv }, { Ajv2020 }, { default: standalone }, { _, stringify }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    import('ajv/dist/standalone/index.js'),
    import('ajv/dist/compile/codegen/index.js'),
  ]);
  const { duplicateIn, formats } = await import('./schema-runtime.js');
  const ids = new Set(spdxIds());

  function compileSchema(schema, others) {
    const Dialect = schema.$schema?.includes('2020-12') ? Ajv2020 : Ajv;
    const ajv = new Dialect({
      allErrors: true,
      // A keyword or format that nothing checks is a mistake; CycloneDX's branches without a type are not.
      strictSchema: true,
      strictTypes: false,
      strictTuples: false,
      messages: false,
      inlineRefs: false,
      formats,
      code: { source: true, esm: true, formats: _`formats` },
    });
    replaceUniqueItems(ajv);
    addSpdxLicenseId(ajv);
    addHints(ajv);
    for (const other of others) ajv.addSchema(other);
    const validate = ajv.compile(schema);
    return linked(standalone.default(ajv, validate));
  }

  function replaceUniqueItems(ajv) {
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      error: { params: ({ params }) => _`{index: ${params.index}}` },
      code(cxt) {
        if (!cxt.schema) return;
        const find = cxt.gen.scopeValue('func', { ref: duplicateIn, code: _`duplicateIn` });
        const index = cxt.gen.const('index', _`${find}(${cxt.data})`);
        cxt.setParams({ index });
        cxt.pass(_`${index} < 0`);
      },
    });
  }

  /** A set instead of an enumeration of 700 values that is compared one by one, in each of the two versions. */
  function addSpdxLicenseId(ajv) {
    ajv.addKeyword({
      keyword: 'spdxLicenseId',
      type: 'string',
      error: { params: () => _`{}` },
      code(cxt) {
        const known = cxt.gen.scopeValue('func', { ref: ids, code: _`spdxIds` });
        cxt.pass(_`${known}.has(${cxt.data})`);
      },
    });
  }

  /** Lets errors say which members an object may have, and which ones tell its forms apart. */
  function addHints(ajv) {
    const { additionalProperties, oneOf, anyOf, not } = ajv.RULES.all;
    additionalProperties.definition.error = {
      params: (cxt) => {
        const allowed = hoisted(cxt, Object.keys(cxt.parentSchema.properties ?? {}));
        return _`{additionalProperty: ${cxt.params.additionalProperty}, allowed: ${allowed}}`;
      },
    };
    oneOf.definition.error = {
      params: (cxt) => _`{passing: ${cxt.params.passing}, forms: ${hoisted(cxt, formsOf(cxt.schema))}}`,
    };
    anyOf.definition.error = { params: (cxt) => _`{forms: ${hoisted(cxt, formsOf(cxt.schema))}}` };
    not.definition.error = { params: (cxt) => _`{required: ${hoisted(cxt, cxt.schema.required ?? [])}}` };
  }

  function hoisted(cxt, names) {
    const code = stringify(names);
    return cxt.gen.scopeValue('obj', { key: code.str, ref: names, code });
  }

  return { compileSchema };
}

/** The members that each form requires; nothing when a form has none that it could be known by. */
function formsOf(alternatives) {
  const forms = alternatives.map((form) => form.required ?? []);
  return forms.every((required) => required.length > 0) ? forms : [];
}

/** A schema without its texts, which nothing reads at run time. */
function readSchema(file) {
  const name = basename(file);
  // The library's copies refer to each other by file name, beside an `$id` that names the published file.
  const $id = shared.includes(name) ? { $id: `http://cyclonedx.org/schema/${name}` } : {};
  if (name === shared[0]) return { ...$id, type: 'string', spdxLicenseId: true };
  return { ...stripped(JSON.parse(readFileSync(file, 'utf8'))), ...$id };
}

const texts = new Set(['title', 'description', '$comment', 'examples', 'default', 'deprecated', 'meta:enum']);
const namesOfMembers = new Set([
  'properties',
  'definitions',
  '$defs',
  'patternProperties',
  'dependentSchemas',
]);

function stripped(value, isNames = false) {
  if (Array.isArray(value)) return value.map((item) => stripped(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isNames || !texts.has(key))
      .map(([key, item]) => [key, stripped(item, !isNames && namesOfMembers.has(key))]),
  );
}

/** Points ajv's output to our runtime and bounds what it collects. */
function linked(code) {
  const body = code
    .replace('"use strict";', '')
    .replace(/export const validate = (\w+);export default \w+;/, 'const root = $1;')
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'ucs2length')
    .replaceAll('require("ajv/dist/runtime/equal").default', 'equal')
    .replace(
      /if\(vErrors === null\)\{vErrors = \[(\w+)\];\}else \{vErrors\.push\(\1\);\}/g,
      'vErrors = add(vErrors, $1);',
    )
    .replace(/vErrors === null \? ([\w.]+) : vErrors\.concat\(\1\)/g, 'merge(vErrors, $1)');
  for (const rest of ['require(', 'vErrors.push(', 'vErrors.concat(']) {
    if (body.includes(rest)) throw new Error(`ajv's output has changed: it still contains ${rest}`);
  }
  return [
    '// Made by scripts/build-schemas.js.',
    "import { add, duplicateIn, equal, formats, kept, merge, ucs2length } from './runtime.js';",
    "import { spdxIds } from './spdx-ids.js';",
    body,
    'export function errorsOf(value) { return root(value) ? [] : kept(root.errors); }',
    '',
  ].join('\n');
}

function writeModule(name, code) {
  write(`${name}.js`, code);
  write(`${name}.d.ts`, declaration);
}

const declaration = `export interface SchemaError {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
}
/** Everything that does not fit the schema; empty when the value is valid. */
export function errorsOf(value: unknown): SchemaError[];
`;

function write(name, text) {
  writeFileSync(join(out, name), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSchemas();
