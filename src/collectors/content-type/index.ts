import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { finding, type Finding, type FindingRule } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { executableFormats, recognise } from '../../formats/recognise.ts';
import { isPackaged } from '../is-packaged.ts';
import { loadedFormats, promises, textNames } from './promises.ts';

const mismatch: FindingRule = {
  id: 'MLB-FMT-001',
  severity: 'medium',
  cwe: 436,
  title: 'Content is not what the name says',
  why: 'Tools that go by names look at the file in the wrong way or not at all, while a loader that goes by content loads it.',
  fix: 'Give the file the name of its format, or find out how it came by this one.',
  references: [
    'https://nvd.nist.gov/vuln/detail/CVE-2025-10155',
    'https://nvd.nist.gov/vuln/detail/CVE-2025-1889',
  ],
};

const executable: FindingRule = {
  id: 'MLB-FMT-002',
  severity: 'high',
  cwe: 434,
  title: 'Program under the name of weights or data',
  why: 'The file can be run, and is overlooked by whoever takes it for weights or data.',
  fix: 'Do not use it; find out how it came there.',
};

/** Holds the content of files against what their names promise. What fits is nothing to say, so that it wants no more. */
export const contentType: FileCollector = {
  id: 'content-type',
  version: 1,
  readsFirst: limits.headBytes,
  rules: [mismatch, executable],
  wants: (entry, head) => contentFinding(entry, head) !== undefined,
  async collect(entry): Promise<Collected> {
    const found = contentFinding(entry, await entry.head(limits.headBytes));
    return { facts: [], problems: [], findings: found ? [found] : [] };
  },
};

function contentFinding({ path, size }: Entry, head: Uint8Array): Finding | undefined {
  if (head.length === 0) return undefined;
  const extension = /\.([A-Za-z0-9]{2,11})$/.exec(path)?.[1]?.toLowerCase();
  const promise = extension === undefined ? undefined : promises.get(extension);
  if (extension === undefined || !promise || isUnspecific(path, extension)) return undefined;
  const format = recognise(head, size);
  if (format === undefined) {
    if (!promise.strict || isPackaged(path)) return undefined;
    return finding(mismatch, path, `It does not begin like ${[...namesOf(promise.allows)].join(' or ')}`);
  }
  if (promise.allows.has(format)) return undefined;
  if (executableFormats.has(format)) {
    // A text with a line for the shell is a script with an unusual name.
    if (format === 'script' && textNames.has(extension)) return undefined;
    return finding(executable, path, `It is a program (${format})`, { offset: 0 });
  }
  if (textNames.has(extension) && !loadedFormats.has(format)) return undefined;
  return finding(mismatch, path, `It is ${format}, and its name says .${extension}`, { offset: 0 });
}

/** Packages have files of their own kind under these names: `.pth` is Python's list of paths, and `.bin` is anything. */
function isUnspecific(path: string, extension: string): boolean {
  return isPackaged(path) && (extension === 'bin' || extension === 'pth' || textNames.has(extension));
}

function namesOf(formats: ReadonlySet<string>): Iterable<string> {
  return [...formats].filter((format) => format !== 'lfs-pointer');
}
