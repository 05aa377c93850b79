import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeRules } from '../../src/changes/change-rules.ts';
import { compareBoms } from '../../src/changes/compare-boms.ts';
import { comparedBom } from '../../src/changes/compared-bom.ts';
import type { Bom, Component } from '../../src/core/bom.ts';
import type { Change, ChangeKind } from '../../src/core/change.ts';
import { sha256 } from '../../src/core/digest.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import { parseJson } from '../../src/core/json.ts';
import { anyBom, modelBom, rewritten } from './sample-boms.ts';

const count = (changes: readonly Change[], kind: ChangeKind) =>
  changes.filter((change) => change.kind === kind).length;

describe('compareBoms, for any BOM', () => {
  it('finds nothing between two writings of one inventory', () => {
    fc.assert(
      fc.property(anyBom, fc.nat(), (bom, seed) => {
        expect(compareBoms(bom, structuredClone(bom))).toEqual([]);
        expect(compareBoms(bom, rewritten(bom, seed))).toEqual([]);
        expect(compareBoms(rewritten(bom, seed), bom)).toEqual([]);
      }),
      { numRuns: 200 },
    );
    for (let seed = 0; seed < 50; seed++)
      expect(compareBoms(modelBom(), rewritten(modelBom(), seed))).toEqual([]);
  });

  it('swaps added and removed when the BOMs are swapped', () => {
    const types = ['file', 'library', 'machine-learning-model', 'data', 'framework', 'firmware'] as const;
    const side = fc
      .uniqueArray(fc.tuple(fc.nat(15), fc.constantFrom('1.0', '2.0')), { selector: ([index]) => index })
      .map((picks): Bom => {
        const components = picks.map(([index, version]): Component => {
          return { type: types[index % types.length] ?? 'file', name: `c${index}.gguf`, version };
        });
        return { bomFormat: 'CycloneDX', specVersion: '1.6', components };
      });
    fc.assert(
      fc.property(side, side, (old, next) => {
        const forth = compareBoms(old, next);
        const back = compareBoms(next, old);
        expect(count(forth, 'added')).toBe(count(back, 'removed'));
        expect(count(forth, 'removed')).toBe(count(back, 'added'));
        expect(count(forth, 'changed')).toBe(count(back, 'changed'));
        const names = new Set((old.components ?? []).map((component) => component.name));
        const added = (next.components ?? []).filter((component) => !names.has(component.name));
        expect(count(forth, 'added')).toBe(added.length);
      }),
      { numRuns: 150 },
    );
  });

  it('lets no difference vanish: one changed field of one component is a change', () => {
    const fields = ['name', 'version', 'purl', 'description', 'scope', 'copyright', 'cpe', 'type'] as const;
    fc.assert(
      fc.property(anyBom, fc.nat(), fc.constantFrom(...fields), (bom, pick, field) => {
        const next = structuredClone(bom);
        const components = [
          ...(next.metadata?.component ? [next.metadata.component] : []),
          ...(next.components ?? []),
        ];
        const component = components[pick % Math.max(1, components.length)] as
          Record<string, unknown> | undefined;
        if (!component) return;
        component[field] = 'changed by the test';
        expect(compareBoms(bom, next).length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  it('speaks only by the catalogue, worst first, and points at what is there', () => {
    fc.assert(
      fc.property(anyBom, anyBom, (old, next) => {
        const changes = compareBoms(old, next);
        const order = ['critical', 'high', 'medium', 'low', 'info'];
        const ranks = changes.map((change) => order.indexOf(change.severity));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const change of changes) {
          expect(changeRules[change.id as keyof typeof changeRules].severity).toBe(change.severity);
          for (const pointer of change.pointers.old) expect(resolve(old, pointer)).toBeDefined();
          for (const pointer of change.pointers.new) expect(resolve(next, pointer)).toBeDefined();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('throws nothing but MlbomError, whatever stands where', () => {
    const members = [
      'metadata',
      'component',
      'components',
      'hashes',
      'properties',
      'licenses',
      'pedigree',
      'ancestors',
      'data',
      'modelCard',
      'modelParameters',
      'datasets',
      'evidence',
      'identity',
      'compositions',
      'assemblies',
      'dependencies',
      'dependsOn',
      'bom-ref',
      'ref',
      'alg',
      'content',
      'name',
      'type',
      'purl',
      'version',
      'value',
      '__proto__',
      'constructor',
      'citations',
      'pointers',
      'license',
      'expression',
    ];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom<unknown>(
          null,
          true,
          0,
          -1,
          '',
          'file',
          'data',
          'pkg:a/b@1',
          '\ud800',
          'MIT OR (',
          'machine-learning-model',
        ),
        fc.array(tie('value'), { maxLength: 3 }),
        fc
          .array(fc.tuple(fc.constantFrom(...members), tie('value')), { maxLength: 6 })
          .map((entries) => own(entries)),
      ),
    }));
    const anything = fc
      .array(fc.tuple(fc.constantFrom(...members), value), { maxLength: 12 })
      .map((entries) => own(entries));
    fc.assert(
      fc.property(anything, anything, (old, next) => {
        expect(compareBoms(old as unknown as Bom, structuredClone(old) as unknown as Bom)).toEqual([]);
        compareBoms(old as unknown as Bom, next as unknown as Bom);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses components that are nested too deeply', () => {
    const code = (act: () => unknown) => {
      try {
        act();
      } catch (error) {
        return isMlbomError(error) ? error.code : error;
      }
      return 'none';
    };
    const nested = (levels: number): Bom => {
      let component: Component = { type: 'library', name: 'innermost' };
      for (let i = 0; i < levels; i++)
        component = { type: 'library', name: 'around', components: [component] };
      return { bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] };
    };
    expect(code(() => compareBoms(nested(20_000), nested(1)))).toBe('E_LIMIT');
    expect(code(() => compareBoms(nested(20), nested(20)))).toBe('none');
  });

  it('compares texts of a megabyte and many equal components without hanging', () => {
    const hostile = (letter: string): Bom => ({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [
        { type: 'file', name: 'config'.repeat(200_000) + letter },
        {
          type: 'file',
          name: `${'tokenizer'.repeat(100_000)}.${letter}`,
          hashes: [{ alg: 'SHA-256', content: letter }],
        },
        {
          type: 'library',
          name: 'l',
          purl: `pkg:${'@'.repeat(1_000_000)}${letter}`,
          licenses: [{ expression: '('.repeat(1_000_000) + letter }],
        },
        {
          type: 'library',
          name: 'm',
          hashes: Array.from({ length: 50_000 }, (_, i) => ({ alg: 'SHA-1', content: `${letter}${i}` })),
        },
        ...Array.from({ length: 20_000 }, (_, i): Component => ({
          type: 'library',
          name: 'same',
          version: `1.${letter}${i}`,
        })),
      ],
      citations: [{ pointers: ['/a'.repeat(500_000) + letter], timestamp: '' }],
    });
    expect(compareBoms(hostile('a'), hostile('b')).length).toBeGreaterThan(20_000);
  });

  it('compares 50,000 components a side long before their square could be walked', () => {
    const big = (changed: (i: number) => boolean): Bom => ({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: Array.from({ length: 50_000 }, (_, i): Component => ({
        type: 'library',
        'bom-ref': `ref ${i}`,
        name: `package-${i}`,
        version: changed(i) ? '2.0.0' : '1.0.0',
        purl: `pkg:npm/package-${i}@${changed(i) ? '2.0.0' : '1.0.0'}`,
        hashes: [{ alg: 'SHA-256', content: sha256(`${i}`) }],
        licenses: [{ license: { id: 'MIT' } }],
      })),
      dependencies: Array.from({ length: 50_000 }, (_, i) => ({
        ref: `ref ${i}`,
        dependsOn: [`ref ${(i * 7) % 50_000}`],
      })),
    });
    const [old, next] = [big(() => false), big((i) => i % 10 === 0)];
    // The square would take hours, and the test's own time limit would end it.
    expect(compareBoms(old, next)).toHaveLength(5_000);
  });
});

const samples = new URL('../../../shared/samples/cyclonedx/', import.meta.url);

describe.skipIf(!existsSync(samples))(
  `CycloneDX's own examples${existsSync(samples) ? '' : ' (skipped: not on this machine)'}`,
  () => {
    const boms = existsSync(samples)
      ? ['1.6', '1.7'].flatMap((version) =>
          readdirSync(new URL(`${version}/`, samples))
            .filter((name) => name.startsWith('valid') && name.endsWith('.json'))
            .map((name) => ({ name, text: readFileSync(new URL(`${version}/${name}`, samples), 'utf8') })),
        )
      : [];
    const read = (text: string) => parseJson(text) as unknown as Bom;

    it('finds nothing between each of them and itself in another order', () => {
      expect(boms.length).toBeGreaterThan(50);
      for (const { name, text } of boms)
        expect([name, compareBoms(read(text), reversed(read(text)))]).toEqual([name, []]);
    });

    it('compares each with each', () => {
      const all = boms.map(({ text }) => read(text));
      for (const old of all) for (const next of all) compareBoms(old, next);
    });

    it('finds a change between any two that say different things', () => {
      const all = boms.map(({ text }) => read(text));
      const silent = (bom: Bom) => comparedBom({ ...bom, serialNumber: '', version: 1 }).digest;
      for (const [i, old] of all.entries()) {
        const next = all[(i + 1) % all.length] ?? old;
        if (silent(old) !== silent(next)) expect(compareBoms(old, next).length).toBeGreaterThan(0);
      }
    });
  },
);

function reversed(bom: Bom): Bom {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn).reverse();
    if (typeof value !== 'object' || value === null) return value;
    return own(
      Object.entries(value)
        .map(([name, member]): [string, unknown] => [name, turn(member)])
        .reverse(),
    );
  };
  return turn(bom) as Bom;
}

/** An object from entries in which `__proto__` is a member like any other. */
function own(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function resolve(bom: Bom, pointer: string): unknown {
  let value: unknown = bom;
  for (const step of pointer.split('/').slice(1)) {
    value = (value as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}
