import type { Bom, Component } from '../../core/bom.ts';
import { labelOf, propertyOf } from '../../core/components-of.ts';
import { groupBy } from '../../core/group-by.ts';
import { plainText } from '../plain-text.ts';
import { wrapText } from '../wrap-text.ts';

/** The environments with the number of their packages, and the AI packages by what they do. */
export function packageLines(bom: Bom, width: number): string[] {
  const components = bom.components ?? [];
  const packages = components.filter(
    (component) => propertyOf(component, 'mlbom:package:basis') !== undefined,
  );
  const environments = components.filter(({ type }) => type === 'platform' || type === 'operating-system');
  if (packages.length === 0 && environments.length === 0) return [];
  const needs = new Map((bom.dependencies ?? []).map(({ ref, dependsOn = [] }) => [ref, dependsOn.length]));
  const basis = groupBy(packages, (component) => propertyOf(component, 'mlbom:package:basis'));
  const counts = [...basis].map(([how, list]) => `${list.length} ${how}`).sort();
  return [
    ...environments.map((environment) => {
      const held = needs.get(environment['bom-ref'] ?? '') ?? 0;
      return `system    ${plainText(labelOf(environment))}${held > 0 ? `, ${held} ${held === 1 ? 'package' : 'packages'}` : ''}`;
    }),
    ...(packages.length > 0 ? [`packages  ${counts.join(', ')}`] : []),
    ...categoryLines(components, width),
  ];
}

/** What a lock or a list of requirements names and nobody installed is marked. */
function labelled(component: Component): string {
  const basis = (component.properties ?? []).filter(({ name }) => name === 'mlbom:package:basis');
  const isThere = basis.length === 0 || basis.some(({ value }) => value === 'installed');
  return isThere ? labelOf(component) : `${labelOf(component)} (${basis[0]?.value ?? ''}, not installed)`;
}

function categoryLines(components: readonly Component[], width: number): string[] {
  const byCategory = groupBy(components, (component) => propertyOf(component, 'mlbom:ai:category'));
  const names = [...byCategory.keys()].sort();
  const margin = Math.max(0, ...names.map((name) => name.length)) + 4;
  return names.flatMap((name) => {
    const labels = [...new Set((byCategory.get(name) ?? []).map(labelled))].sort();
    return wrapText(plainText(labels.join(', ')), Math.max(20, width - margin)).map(
      (line, index) => `  ${(index === 0 ? name : '').padEnd(margin - 2)}${line}`,
    );
  });
}
