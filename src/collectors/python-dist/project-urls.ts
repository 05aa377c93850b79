import type { Reference } from '../../core/fact.ts';
import { webUrl } from '../../core/web-url.ts';
import type { PythonMetadata } from '../../formats/python-metadata.ts';

/** `Home-page`, `Download-URL` and the labelled `Project-URL`s, each address once. */
export function projectReferences(metadata: PythonMetadata): Reference[] {
  const labelled = [
    ...(metadata.get('home-page') ?? []).map((url) => `homepage, ${url}`),
    ...(metadata.get('project-url') ?? []),
    ...(metadata.get('download-url') ?? []).map((url) => `download, ${url}`),
  ];
  const references = new Map<string, Reference>();
  for (const text of labelled.slice(0, most)) {
    const comma = text.indexOf(',');
    const label = text.slice(0, Math.max(comma, 0)).trim();
    const url = webUrl(text.slice(comma + 1));
    if (url === undefined || references.has(url)) continue;
    const type = typeOf(label);
    references.set(url, type === 'other' && label !== '' ? { type, url, comment: label } : { type, url });
  }
  return [...references.values()];
}

const most = 64;

/** PyPA "Well-known Project URLs": labels are compared without punctuation and case. */
function typeOf(label: string): string {
  const plain = label.toLowerCase().replace(/[^a-z]/g, '');
  return types[plain] ?? 'other';
}

const types: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  homepage: 'website',
  home: 'website',
  source: 'vcs',
  sourcecode: 'vcs',
  repository: 'vcs',
  code: 'vcs',
  github: 'vcs',
  download: 'distribution',
  changelog: 'release-notes',
  changes: 'release-notes',
  releasenotes: 'release-notes',
  whatsnew: 'release-notes',
  history: 'release-notes',
  documentation: 'documentation',
  docs: 'documentation',
  issues: 'issue-tracker',
  bugs: 'issue-tracker',
  issuetracker: 'issue-tracker',
  bugtracker: 'issue-tracker',
  tracker: 'issue-tracker',
}) as Record<string, string>;
