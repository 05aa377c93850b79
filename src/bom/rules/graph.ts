import type { JsonValue } from '../../core/json.ts';
import { valueAt } from '../../core/json-access.ts';
import { none, quoted, textOf, violation, type LintRule, type Violation } from './rule.ts';

export const graphRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-060',
    severity: 'warning',
    title: 'An assembly is called complete and something else',
    why: 'A reader cannot tell which composition holds, and may take the better one.',
    on: [''],
    check({ value }) {
      const said = new Map<string, string>();
      const violations: Violation[] = [];
      for (const [index, composition] of itemsOf(value, 'compositions')) {
        const aggregate = textOf(composition, 'aggregate') ?? '';
        for (const [at, ref] of itemsOf(composition, 'assemblies')) {
          if (typeof ref !== 'string') continue;
          const earlier = said.get(ref) ?? aggregate;
          if (earlier !== aggregate) {
            violations.push({
              message: `${quoted(ref)} is ${aggregate} here and ${earlier} in an earlier composition`,
              fix: 'keep one of them',
              at: `/compositions/${index}/assemblies/${at}`,
            });
          }
          said.set(ref, earlier);
        }
      }
      return violations;
    },
  },
  {
    id: 'MLB-BOM-061',
    severity: 'warning',
    title: 'Something depends on itself',
    why: 'It says nothing, and sends tools that follow the graph in a circle.',
    on: ['dependencies', 'taskDependencies'],
    check({ value }) {
      const ref = textOf(value, 'ref');
      const own = itemsOf(value, 'dependsOn').find(([, to]) => to === ref);
      if (ref === undefined || own === undefined) return none;
      return violation(`${quoted(ref)} depends on itself`, 'remove it', `/dependsOn/${own[0]}`);
    },
  },
  {
    id: 'MLB-BOM-062',
    severity: 'warning',
    title: 'The dependencies of one thing are listed twice',
    why: 'Readers keep the first list, the last one, or both.',
    on: [''],
    check({ value }) {
      const seen = new Set<string>();
      const violations: Violation[] = [];
      for (const [index, dependency] of itemsOf(value, 'dependencies')) {
        const ref = textOf(dependency, 'ref');
        if (ref === undefined) continue;
        if (seen.has(ref)) {
          violations.push({
            message: `${quoted(ref)} has an earlier entry`,
            fix: 'join the two',
            at: `/dependencies/${index}`,
          });
        }
        seen.add(ref);
      }
      return violations;
    },
  },
];

function itemsOf(value: JsonValue, name: string): [number, JsonValue][] {
  const items = valueAt(value, name);
  return Array.isArray(items) ? [...(items as JsonValue[]).entries()] : [];
}
