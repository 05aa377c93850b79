import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileCollectors } from '../../src/collectors/registry.ts';
import { walk } from '../../src/collectors/walk.ts';
import { findingAreas, findingRules } from '../../src/operations/finding-rules.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import type { Files } from '../fixtures/model-directory.ts';

/** What an example may say of dangerous files. It then shows every rule of its collector. */
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
    .filter(({ id }) => existsSync(join(folder, id, 'example.ts')))
    .map(async (collector) => ({
      collector,
      example: (await import(`./${collector.id}/example.ts`)) as Example,
    })),
);
const shown = new Set(examples.flatMap(({ example }) => Object.values(example.findings ?? {}).flat()));

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

describe.each(examples.filter(({ example }) => example.findings))(
  '$collector.id',
  ({ collector, example }) => {
    const { files, findings = {}, links = {} } = example;

    it.each(Object.keys(files))('finds in %s what the example says, and nothing else', async (path) => {
      const link = links[path];
      const entry = { ...memoryEntry(path, files[path] ?? ''), ...(link === undefined ? {} : { link }) };
      const walked = await walk([entry], [collector]);
      expect([...new Set(walked.findings.map(({ rule }) => rule))].sort()).toEqual(findings[path] ?? []);
    });

    it('has an example of every rule', () => {
      const missing = (collector.rules ?? []).filter(({ id }) => !shown.has(id));
      expect(missing.map(({ id }) => id)).toEqual([]);
    });
  },
);
