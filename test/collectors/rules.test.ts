import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileCollectors } from '../../src/collectors/registry.ts';
import { walk } from '../../src/collectors/walk.ts';
import { findingAreas, findingRules } from '../../src/operations/finding-rules.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import type { Files } from '../fixtures/model-directory.ts';

/** What the examples of collectors with rules say of dangerous files. */
interface Example {
  readonly files: Files;
  /** By path, all rules that the collector finds there, sorted. */
  readonly findings?: Readonly<Record<string, readonly string[]>>;
  /** By path, the target of the symbolic link that the file is reached through. */
  readonly links?: Readonly<Record<string, string>>;
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const examples = await Promise.all(
  fileCollectors
    .filter(({ rules }) => rules)
    .map(async (collector) => ({ collector, example: await exampleOf(collector.id) })),
);
const shown = new Set(examples.flatMap(({ example }) => Object.values(example.findings ?? {}).flat()));
/** Rules that no small file breaks, and the test that shows each of them instead. */
const shownByTests: Readonly<Record<string, string>> = {
  'MLB-ARC-002': 'compressed/compressed.test.ts',
  'MLB-ZIP-012': 'zip/zip.test.ts',
};

async function exampleOf(id: string): Promise<Example> {
  if (!existsSync(join(folder, id, 'example.ts'))) return { files: {} };
  return (await import(`./${id}/example.ts`)) as Example;
}

describe('the catalogue of rules', () => {
  it('has each rule once, by its id', () => {
    const ids = findingRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
    for (const id of ids) expect(id).toMatch(/^MLB-[A-Z]{2,4}-\d{3}$/);
  });

  it('has every rule of every collector, and says of one id one thing', () => {
    for (const rule of fileCollectors.flatMap(({ rules = [] }) => rules))
      expect(findingRules).toContainEqual(rule);
  });

  it.each(findingRules.map((rule) => [rule.id, rule] as const))('%s says what it is about', (_id, rule) => {
    expect(findingAreas).toHaveProperty(rule.id.split('-')[1] ?? '');
    expect(rule.cwe).toBeGreaterThan(0);
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.why).toMatch(/\.$/);
    expect(rule.fix).toMatch(/\.$/);
    for (const reference of rule.references ?? [])
      expect(reference).toMatch(/^(?:CVE-\d{4}-\d{4,}$|https:\/\/)/);
  });
});

it.each(Object.entries(shownByTests))('%s, which no example shows, is shown in %s', (rule, file) => {
  expect(shown).not.toContain(rule);
  expect(readFileSync(join(folder, file), 'utf8')).toContain(rule);
});

describe.each(examples)('$collector.id', ({ collector, example }) => {
  const { files, findings = {}, links = {} } = example;

  it.each(Object.keys(files))('finds in %s what the example says, and nothing else', async (path) => {
    const link = links[path];
    const entry = { ...memoryEntry(path, files[path] ?? ''), ...(link === undefined ? {} : { link }) };
    const walked = await walk([entry], [collector]);
    expect([...new Set(walked.findings.map(({ rule }) => rule))].sort()).toEqual(findings[path] ?? []);
  });

  it('says of no file that it does not have what is found there', () => {
    expect(Object.keys(findings).filter((path) => !Object.hasOwn(files, path))).toEqual([]);
  });

  it('has an example of a finding, and of every rule; one that several have may be shown by another', () => {
    expect(Object.values(findings).flat()).not.toEqual([]);
    const missing = (collector.rules ?? []).filter(
      ({ id }) => !shown.has(id) && !Object.hasOwn(shownByTests, id),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});
