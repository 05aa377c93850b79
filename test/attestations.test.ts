import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/core/canonical-json.ts';
import { isObject, parseJsonObject, type JsonObject, type JsonValue } from '../src/core/json.ts';
import { valueAt } from '../src/core/json-access.ts';

const update = process.env['UPDATE_SAMPLES'] === '1';

const bundle = new URL('../samples/sign-and-verify/expected/model.cdx.json.sigstore.json', import.meta.url);
const bom = new URL('../samples/sign-and-verify/expected/model.cdx.json', import.meta.url);
const example = new URL('../attestations/bom/example.json', import.meta.url);
const readme = new URL('../attestations/bom/README.md', import.meta.url);
const exampleBlock = /(?<=^```json\n).*?(?=^```)/ms;

describe('the BOM attestation', () => {
  const payload = Buffer.from(textIn(readFileSync(bundle), 'dsseEnvelope', 'payload'), 'base64');
  const statement = parseJsonObject(payload);
  if (update) write(statement);

  it('has a payload in canonical form', () => {
    expect(payload.toString('utf8')).toBe(canonicalJson(statement));
  });

  it('carries the BOM itself as its predicate', () => {
    expect(`${canonicalJson(statement['predicate'])}\n`).toBe(readFileSync(bom, 'utf8'));
  });

  it('is the one that is shown as its example', () => {
    expect(parseJsonObject(readFileSync(example))).toEqual(statement);
  });

  it('is described with the head of that example', () => {
    const shown = exampleBlock.exec(readFileSync(readme, 'utf8'))?.[0] ?? '';
    expect(parseJsonObject(shown)).toEqual(withoutBom(statement));
  });
});

function textIn(file: Uint8Array, ...path: string[]): string {
  return String(valueAt(parseJsonObject(file), ...path));
}

function withoutBom(statement: JsonObject): JsonObject {
  const { predicate } = statement;
  const head: JsonObject = {};
  for (const name of ['bomFormat', 'specVersion', 'serialNumber']) head[name] = member(predicate, name);
  return { ...statement, predicate: head };
}

function member(value: JsonValue | undefined, name: string): JsonValue {
  return isObject(value) ? (value[name] ?? null) : null;
}

function write(statement: JsonObject): void {
  writeFileSync(example, `${JSON.stringify(statement, null, 2)}\n`);
  const head = `${JSON.stringify(withoutBom(statement), null, 2)}\n`;
  writeFileSync(
    readme,
    readFileSync(readme, 'utf8').replace(exampleBlock, () => head),
  );
}
