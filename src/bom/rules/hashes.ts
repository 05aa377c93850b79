import { isObject } from '../../core/json.ts';
import { componentMembers, none, textOf, violation, type LintRule, type Violation } from './rule.ts';

/** Hexadecimal digits of each algorithm; BLAKE3 as its default output (CycloneDX fixes no other). */
const digits: Readonly<Record<string, number>> = {
  MD5: 32,
  'SHA-1': 40,
  'SHA-256': 64,
  'SHA-384': 96,
  'SHA-512': 128,
  'SHA3-256': 64,
  'SHA3-384': 96,
  'SHA3-512': 128,
  'BLAKE2b-256': 64,
  'BLAKE2b-384': 96,
  'BLAKE2b-512': 128,
  BLAKE3: 64,
  'Streebog-256': 64,
  'Streebog-512': 128,
};

export const hashRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-010',
    severity: 'error',
    title: 'A hash does not have the length of its algorithm',
    why: 'The schema accepts any of five lengths for every algorithm. Such a hash can match nothing.',
    on: ['hashes', 'fingerprint'],
    check({ value }) {
      const algorithm = textOf(value, 'alg') ?? '';
      const content = textOf(value, 'content');
      const wanted = Object.hasOwn(digits, algorithm) ? digits[algorithm] : undefined;
      if (content === undefined || wanted === undefined || content.length === wanted) return none;
      return violation(
        `${algorithm} has ${wanted} hexadecimal digits, this has ${content.length}`,
        'correct the algorithm or the value',
        '/content',
      );
    },
  },
  {
    id: 'MLB-BOM-011',
    severity: 'error',
    title: 'One algorithm has two values',
    why: 'One thing has one digest of each kind; a verifier that takes either can be led to the wrong one.',
    on: ['hashes'],
    check({ value }) {
      if (!Array.isArray(value) || value.length < 2) return none;
      const seen = new Map<string, string>();
      const violations: Violation[] = [];
      for (const [index, hash] of value.entries()) {
        const algorithm = textOf(hash, 'alg');
        const content = textOf(hash, 'content')?.toLowerCase();
        if (algorithm === undefined || content === undefined) continue;
        if ((seen.get(algorithm) ?? content) !== content) {
          violations.push({
            message: `a second, different ${algorithm}`,
            fix: 'keep the right one; describe other things as components of their own',
            at: `/${index}`,
          });
        }
        seen.set(algorithm, content);
      }
      return violations;
    },
  },
  {
    id: 'MLB-BOM-012',
    severity: 'warning',
    title: "A Git commit stands as the component's hash",
    why: 'A commit id is no digest of the bytes that are delivered: no file will ever match it.',
    on: componentMembers,
    check({ value }) {
      if (!isObject(value) || !Array.isArray(value['hashes'])) return none;
      const revision = /@([0-9a-f]{40}|[0-9a-f]{64})(?=$|[?#])/i.exec(textOf(value, 'purl') ?? '')?.[1] ?? '';
      const commits = [revision, textOf(value, 'version') ?? ''].map((id) => id.toLowerCase());
      const violations: Violation[] = [];
      for (const [index, hash] of value['hashes'].entries()) {
        const content = textOf(hash, 'content')?.toLowerCase() ?? '';
        if (textOf(hash, 'alg') !== 'SHA-1' || content === '' || !commits.includes(content)) continue;
        violations.push({
          message: 'this SHA-1 is the revision that the purl or version names',
          fix: 'remove it, and give SHA-256 of the bytes',
          at: `/hashes/${index}`,
        });
      }
      return violations;
    },
  },
];
