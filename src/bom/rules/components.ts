import { isObject } from '../../core/json.ts';
import { vocabulary } from '../../core/vocabulary.ts';
import { componentMembers, none, quoted, textOf, violation, type LintRule } from './rule.ts';

export const componentRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-040',
    severity: 'error',
    title: 'A model card on something that is no model',
    why: 'modelCard must not be specified for other types than machine-learning-model.',
    on: componentMembers,
    check: ({ value }) => onlyOn(value, 'modelCard', 'machine-learning-model'),
  },
  {
    id: 'MLB-BOM-041',
    severity: 'error',
    title: 'Data on something that is no data',
    why: 'data must not be specified for other types than data.',
    on: componentMembers,
    check: ({ value }) => onlyOn(value, 'data', 'data'),
  },
  {
    id: 'MLB-BOM-042',
    severity: 'error',
    title: 'The subject of the BOM is external',
    why: 'isExternal must be false for metadata.component: a BOM describes what it delivers.',
    on: ['component'],
    check({ value, parent }) {
      if (parent?.owner !== 'metadata' || !isObject(value) || value['isExternal'] !== true) return none;
      return violation('metadata.component is external', 'remove isExternal', '/isExternal');
    },
  },
  {
    id: 'MLB-BOM-043',
    severity: 'error',
    title: 'A version range is not valid',
    why: 'versionRange must follow the vers syntax; the schema checks only that it is text.',
    on: ['versionRange'],
    check({ value }) {
      if (typeof value !== 'string' || isVersionRange(value)) return none;
      return violation(`${quoted(value)} is not a vers range`, 'write it as vers:pypi/>=1.0|<2.0');
    },
  },
  {
    id: 'MLB-BOM-044',
    severity: 'info',
    title: 'An mlbom property that this version does not know',
    why: 'Readers of the mlbom: namespace ignore names that docs/vocabulary.md does not list.',
    on: ['properties'],
    check({ value }) {
      const name = textOf(value, 'name');
      if (!name?.startsWith('mlbom:') || Object.hasOwn(vocabulary, name)) return none;
      return violation(
        `${quoted(name)} is not in the vocabulary`,
        'correct the name, or use a namespace of your own',
      );
    },
  },
];

function onlyOn(value: unknown, member: string, type: string) {
  if (!isObject(value) || !Object.hasOwn(value, member) || value['type'] === type) return none;
  return violation(
    `"${member}" belongs to components of type ${type}`,
    `remove it, or correct the type`,
    `/${member}`,
  );
}

/** vers-spec: `vers:<scheme>/<constraint>|<constraint>…`, or `vers:<scheme>/*`. */
function isVersionRange(text: string): boolean {
  const [, constraints] = /^vers:[a-z][a-z0-9.+-]*\/(\S+)$/.exec(text) ?? [];
  if (constraints === undefined) return false;
  return (
    constraints === '*' ||
    constraints.split('|').every((one) => /^(?:!=|<=|>=|<|>|=)?[^!<>=*|\s]+$/.test(one))
  );
}
