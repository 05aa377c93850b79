import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileCollector } from '../../src/core/collector.ts';
import { fileCollectors } from '../../src/collectors/registry.ts';
import { walk } from '../../src/collectors/walk.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import { limits } from '../../src/core/limits.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { modelFiles, type Files } from '../fixtures/model-directory.ts';

/** What the examples beside the collectors' tests export: `test/collectors/<id>/example.ts`. */
interface Example {
  readonly files: Files;
  /** Files that say something even when their end is missing. */
  readonly readsCuts?: readonly string[];
}

const ids = new Set(fileCollectors.map(({ id }) => id));
const folder = fileURLToPath(new URL('.', import.meta.url));
const examples = await Promise.all(
  readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory() && existsSync(join(folder, item.name, 'example.ts')))
    .map(async ({ name }) => ({ id: name, ...((await import(`./${name}/example.ts`)) as Example) })),
);
const common = { ...modelFiles(), 'chat_template.json': '{"chat_template":"{{ messages }}"}' };
const shared: Example & { id: string } = { id: 'model-directory', files: common };
/** Every file with every collector that wants it. */
const offered = [shared, ...examples].flatMap((example) =>
  Object.entries(example.files).flatMap(([path, content]) =>
    fileCollectors
      .filter((collector) => wants(collector, path, Buffer.from(content)))
      .map((collector) => ({ collector, path, content: Buffer.from(content), example })),
  ),
);
/** Of these, the files that were made for the collector; what others make of them is their own affair. */
const wanted = offered.filter(
  ({ collector, example }) => example.id === collector.id || !ids.has(example.id),
);

function wants(collector: FileCollector, path: string, content: Uint8Array): boolean {
  return collector.wants(memoryEntry(path, content), headOf(content));
}

function headOf(content: Uint8Array): Uint8Array {
  return content.subarray(0, limits.headBytes);
}

describe('the registry', () => {
  it('has each collector once', () => {
    const ids = fileCollectors.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of fileCollectors) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it('has a file for each collector in the model directory, and tries them all here', () => {
    expect(new Set(wanted.map(({ collector }) => collector))).toEqual(new Set(fileCollectors));
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'a/__proto__',
    'README.md/x',
    '.safetensors.x',
    'x.GGUF.txt',
  ])('has nobody who wants %s', (path) => {
    expect(fileCollectors.filter((collector) => collector.wants(memoryEntry(path, ''), Buffer.of()))).toEqual(
      [],
    );
  });

  describe.each(wanted)('$collector.id with $path', ({ collector, path, content, example }) => {
    it('states the same of the same bytes, and says that it is who states it', async () => {
      const first = await collector.collect(memoryEntry(path, content));
      expect(await collector.collect(memoryEntry(path, content))).toEqual(first);
      for (const fact of first.facts) {
        const evidence = [...fact.attributes, ...fact.relations].map((statement) => statement.evidence);
        for (const { by, source } of evidence) expect([by, source]).toEqual([collector.id, path]);
      }
    });

    it('makes something of it', async () => {
      const { facts, findings, children, lists, runs } = await collector.collect(memoryEntry(path, content));
      const said = [facts, findings, lists ?? [], runs ?? []].flat();
      expect(said.length > 0 || children !== undefined).toBe(true);
    });

    it('finds no tensors in an empty file', async () => {
      const { facts } = await walk([memoryEntry(path, '')], [collector]);
      expect(facts.flatMap((fact) => fact.tensors?.tensors ?? [])).toEqual([]);
    });

    it('reads no tensors from a file that is cut, and says so', async () => {
      for (const length of [0.1, 0.5, 0.9].map((share) => Math.floor(share * content.length))) {
        const cut = content.subarray(0, length);
        if (!wants(collector, path, cut)) continue;
        const { facts, problems } = await walk([memoryEntry(path, cut)], [collector]);
        expect(facts.filter((fact) => fact.tensors)).toEqual([]);
        if (!/\.(?:md|jinja)$/.test(path) && example.readsCuts?.includes(path) !== true)
          expect(problems).toMatchObject([{ effect: 'incomplete', path }]);
      }
    });
  });

  describe.each(offered)('$collector.id with $path', ({ collector, path, content }) => {
    it('throws nothing but an MlbomError at hostile bytes', async () => {
      const change = fc.tuple(fc.nat({ max: content.length - 1 }), fc.integer({ min: 0, max: 255 }));
      const changed = fc.array(change, { minLength: 1, maxLength: 8 }).map((changes) => {
        const bytes = Uint8Array.from(content);
        for (const [offset, value] of changes) bytes[offset] = value;
        return bytes;
      });
      const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), changed);
      await fc.assert(
        fc.asyncProperty(bytes, async (hostile) => {
          try {
            await collector.collect(memoryEntry(path, hostile));
          } catch (error) {
            if (!isMlbomError(error)) throw error;
          }
        }),
        { numRuns: 150 },
      );
    });
  });
});
