import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Reference } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { linesOf } from '../../formats/lines.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { placeOf, rootOf } from '../installed-path.ts';
import { repositoryUrl } from '../repository-url.ts';

const places = ['etc/os-release', 'usr/lib/os-release'];

/** The operating system of a root directory: `os-release` (os-release(5)). */
export const osRelease: FileCollector = {
  id: 'os-release',
  version: 1,
  wants: ({ path }, head) =>
    path.endsWith('os-release') && head.length > 0 && placeOf(path, places) !== undefined,
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.osReleaseBytes, entry.path);
    const values = valuesOf(new TextDecoder().decode(bytes), entry.path);
    const root = rootOf(entry.path, placeOf(entry.path, places) ?? '');
    const attributes = attributesFrom(entry.path, 'os-release');
    attributes.add('name', values.get('ID') ?? 'linux', 'ID');
    attributes.add('version', values.get('VERSION_ID'), 'VERSION_ID');
    attributes.add('description', values.get('PRETTY_NAME') ?? values.get('NAME'), 'PRETTY_NAME');
    attributes.add('references', referencesOf(values), 'HOME_URL');
    for (const key of kept) {
      const value = values.get(key);
      if (value !== undefined)
        attributes.add('mlbom:environment', `${key}=${shortened(value, limits.provenanceText)}`, key);
    }
    // Both files speak of one system; one is mostly a link to the other.
    const about = { kind: 'component', key: `operating-system:${root}`, path: entry.path } as const;
    return {
      ...nothing,
      facts: [{ about, type: 'operating-system', attributes: attributes.list, relations: [] }],
    };
  },
};

/** What tells one build of a system from another. */
const kept = [
  'ID_LIKE',
  'VERSION_CODENAME',
  'VARIANT_ID',
  'BUILD_ID',
  'IMAGE_ID',
  'IMAGE_VERSION',
  'CPE_NAME',
];

/** Assignments as a shell reads them, without its substitutions. */
function valuesOf(text: string, subject: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, key, value] = /^\s*([A-Z][A-Z0-9_]{0,63})=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, unquoted(value.trim()));
  }
  if (values.size > 0) return values;
  throw new MlbomError('E_MALFORMED', `${subject}: assigns nothing`, { subject, rule: 'os-release' });
}

function unquoted(value: string): string {
  const quote = value[0];
  const isQuoted = (quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote);
  const inner = isQuoted ? value.slice(1, -1) : value;
  return quote === "'" && isQuoted ? inner : inner.replace(/\\(.)/g, '$1');
}

function referencesOf(values: ReadonlyMap<string, string>): Reference[] {
  return [
    ['website', 'HOME_URL'],
    ['documentation', 'DOCUMENTATION_URL'],
    ['support', 'SUPPORT_URL'],
    ['issue-tracker', 'BUG_REPORT_URL'],
  ].flatMap(([type = '', key = '']) => {
    const url = repositoryUrl(values.get(key) ?? '');
    return url === undefined ? [] : [{ type, url }];
  });
}
