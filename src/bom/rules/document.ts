import { secretIn } from '../secrets.ts';
import { none, textOf, violation, type LintRule } from './rule.ts';

/** The end of an interval, and the member beside it that begins it. */
const beginnings: Readonly<Record<string, string>> = {
  timeEnd: 'timeStart',
  expires: 'created',
  notValidAfter: 'notValidBefore',
  expiration: 'lastRenewal',
  deactivationDate: 'activationDate',
  expirationDate: 'creationDate',
};

export const documentRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-070',
    severity: 'error',
    title: 'A secret stands in the BOM',
    why: 'BOMs are published and archived: a password, token, private key or presigned URL in one is given away.',
    on: 'every-string',
    check({ value }) {
      const kind = typeof value === 'string' ? secretIn(value) : undefined;
      return kind === undefined
        ? none
        : violation(`holds ${kind}`, 'remove it, and revoke it where it was valid');
    },
  },
  {
    id: 'MLB-BOM-080',
    severity: 'warning',
    title: 'Something ends before it begins',
    why: 'One of the two times is wrong.',
    on: Object.keys(beginnings),
    check({ value, owner, parent }) {
      const beginning = beginnings[owner] ?? '';
      const begins = parent === undefined ? NaN : Date.parse(textOf(parent.value, beginning) ?? '');
      if (typeof value !== 'string' || !(Date.parse(value) < begins)) return none;
      return violation(`lies before "${beginning}"`, 'correct one of the two');
    },
  },
  {
    id: 'MLB-BOM-081',
    severity: 'warning',
    title: '$schema names another version',
    why: 'Tools that validate by $schema judge the document by the wrong specification.',
    on: ['$schema'],
    check({ value, parent }) {
      if (typeof value !== 'string' || parent === undefined || parent.parent !== undefined) return none;
      const named = /\/bom-(\d+\.\d+)(?:-strict)?\.schema\.json$/.exec(value)?.[1];
      const specVersion = textOf(parent.value, 'specVersion');
      if (named === undefined || named === specVersion) return none;
      return violation(`names ${named}, specVersion says ${specVersion ?? 'nothing'}`, 'make them agree');
    },
  },
];
