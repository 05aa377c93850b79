import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileCollectors } from '../../src/collectors/registry.ts';
import { walk } from '../../src/collectors/walk.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { modelFiles } from '../fixtures/model-directory.ts';

const files = {
  ...modelFiles(),
  'chat_template.json': '{"chat_template":"{{ messages }}"}',
};
/** A file that each collector wants, of each of its kinds. */
const wanted = fileCollectors.flatMap((collector) =>
  Object.entries(files)
    .filter(([path, content]) => collector.wants(memoryEntry(path, content)))
    .map(([path, content]) => ({ collector, path, content: Buffer.from(content) })),
);

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
    expect(fileCollectors.filter((collector) => collector.wants(memoryEntry(path, '')))).toEqual([]);
  });

  describe.each(wanted)('$collector.id with $path', ({ collector, path, content }) => {
    it('states the same of the same bytes, and says that it is who states it', async () => {
      const first = await collector.collect(memoryEntry(path, content));
      expect(await collector.collect(memoryEntry(path, content))).toEqual(first);
      expect(first.facts.length).toBeGreaterThan(0);
      for (const fact of first.facts) {
        const evidence = [...fact.attributes, ...fact.relations].map((statement) => statement.evidence);
        for (const { by, source } of evidence) expect([by, source]).toEqual([collector.id, path]);
      }
    });

    it('makes nothing of an empty file but a problem', async () => {
      const { facts } = await walk([memoryEntry(path, '')], [collector]);
      // An empty chat template is a template.
      expect(facts.flatMap((fact) => fact.tensors?.tensors ?? [])).toEqual([]);
    });

    it('reads no tensors from a file that is cut, and says so', async () => {
      for (const length of [0.1, 0.5, 0.9].map((share) => Math.floor(share * content.length))) {
        const cut = content.subarray(0, length);
        const { facts, problems } = await walk([memoryEntry(path, cut)], [collector]);
        expect(facts.filter((fact) => fact.tensors)).toEqual([]);
        if (!/\.(?:md|jinja)$/.test(path)) expect(problems).toMatchObject([{ effect: 'incomplete', path }]);
      }
    });

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
