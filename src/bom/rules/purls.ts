import { PackageURL } from 'packageurl-js';
import { percentDecoded } from './percent-decoded.ts';
import { none, quoted, violation, type LintRule } from './rule.ts';

export const purlRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-020',
    severity: 'error',
    title: 'A purl is not valid',
    why: 'A purl must follow the purl specification; vulnerability databases look packages up by it.',
    on: ['purl'],
    check({ value }) {
      if (typeof value !== 'string') return none;
      const { fault } = judge(value);
      return fault === undefined
        ? none
        : violation(fault, 'write pkg:type/namespace/name@version?qualifiers#subpath');
    },
  },
  {
    id: 'MLB-BOM-021',
    severity: 'warning',
    title: 'A purl is not in its canonical form',
    why: 'Two spellings of one package are two packages to every tool that compares text.',
    on: ['purl'],
    check({ value }) {
      if (typeof value !== 'string') return none;
      const { canonical, type } = judge(value);
      if (canonical === undefined || isSame(withoutSubpath(value), canonical, type)) return none;
      return violation('is not in canonical form', `write ${quoted(canonical + subpathOf(value))}`);
    },
  },
  {
    id: 'MLB-BOM-022',
    severity: 'warning',
    title: 'A purl names a revision that can move',
    why: 'The purl types huggingface and oci define the version as a commit and as a digest. A branch or tag is neither.',
    on: ['purl'],
    check({ value }) {
      if (typeof value !== 'string') return none;
      const { type, version } = judge(value);
      const form = type === undefined || version === undefined ? undefined : fixedVersions[type];
      if (form === undefined || version === undefined || form.test(version)) return none;
      return violation(
        `the version of a purl of type ${type} is a ${type === 'oci' ? 'digest' : 'commit'}`,
        type === 'oci' ? 'write sha256:<digest>, and the tag as a qualifier' : 'write the full commit id',
      );
    },
  },
];

const fixedVersions: Readonly<Record<string, RegExp>> = {
  huggingface: /^[0-9a-f]{40}$/i,
  oci: /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/i,
};

interface Judgement {
  readonly fault?: string;
  /** Without the subpath. */
  readonly canonical?: string;
  readonly type?: string;
  readonly version?: string;
}

/** Each rule asks for the same purl in turn. */
let last: { purl: string; judgement: Judgement } = { purl: '', judgement: { fault: 'is empty' } };
/** The files of a model share all but the subpath. */
let lastBase = last;

function judge(purl: string): Judgement {
  if (last.purl !== purl) last = { purl, judgement: judgeWhole(purl) };
  return last.judgement;
}

function judgeWhole(purl: string): Judgement {
  const fault = faultOfText(purl);
  if (fault !== undefined) return { fault };
  const base = withoutSubpath(purl);
  if (lastBase.purl !== base) lastBase = { purl: base, judgement: judgeBase(base) };
  return lastBase.judgement;
}

function faultOfText(purl: string): string | undefined {
  if (!purl.startsWith('pkg:')) return 'does not start with "pkg:"';
  if (/[^\u0021-\u007e]/.test(purl)) return 'holds a character that must be percent-encoded';
  if (/%(?![0-9A-Fa-f]{2})/.test(purl)) return 'holds a "%" that begins no percent-encoding';
  const segments = subpathOf(purl).slice(1).split('/');
  if (segments.includes('.') || segments.includes('..')) return 'its subpath holds "." or ".."';
  return undefined;
}

function judgeBase(purl: string): Judgement {
  try {
    // In a purl, unlike in a form, "+" is no space.
    const parsed = PackageURL.fromString(purl.replace(/\?.*/, (query) => query.replaceAll('+', '%2B')));
    const { type, version } = parsed;
    return { canonical: parsed.toString(), type, ...(typeof version === 'string' ? { version } : {}) };
  } catch (error) {
    // The library's message may quote the purl; its kind is enough.
    return {
      fault:
        error instanceof Error && /"(\w+)" is a required/.test(error.message)
          ? 'a part is missing'
          : 'cannot be parsed',
    };
  }
}

/**
 * Percent-encoding aside: the specification and its test suite have changed on which characters need it.
 * Old npm packages have capitals in their names (JSONStream), which the library lowers.
 */
function isSame(purl: string, canonical: string, type: string | undefined): boolean {
  if (purl === canonical) return true;
  const [a, b] = [percentDecoded(purl), percentDecoded(canonical)];
  return type === 'npm' ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function withoutSubpath(purl: string): string {
  const hash = purl.indexOf('#');
  return hash < 0 ? purl : purl.slice(0, hash);
}

function subpathOf(purl: string): string {
  return purl.slice(withoutSubpath(purl).length);
}
