import { isHexOf, type Digest } from '../../core/digest.ts';
import type { Entry } from '../../core/entry.ts';
import type { ListedFile } from '../../core/file-list.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf, siblingOf } from '../../core/path.ts';
import { webUrl } from '../../core/web-url.ts';
import { leavesDirectory } from '../../formats/leaves-directory.ts';
import { malformedDigest } from './rules.ts';

/** What the distribution of a dataset comes to. */
export interface Distribution {
  /** Files that should lie beside the description. */
  readonly files: readonly ListedFile[];
  readonly findings: readonly Finding[];
  /** Addresses of files that lie elsewhere. */
  readonly urls: readonly { readonly url: string; readonly digest?: Digest }[];
  /** Media types of the files, sorted. */
  readonly formats: readonly string[];
}

/** FileObjects and FileSets (Croissant 1.0 and 1.1, "Resources"). */
export function distributionOf(list: readonly JsonObject[], entry: Entry): Distribution {
  const files: ListedFile[] = [];
  const findings: Finding[] = [];
  const urls: { url: string; digest?: Digest }[] = [];
  const formats = new Set<string>();
  for (const resource of list.slice(0, limits.datasetListEntries)) {
    for (const format of textsAt(resource, 'encodingFormat')) formats.add(format);
    if (!isFileObject(resource)) continue;
    const digest = digestOf(resource, entry, findings);
    const target = textAt(resource, 'contentUrl');
    // What is contained in something else lies in an archive or a repository.
    if (target === undefined || valueAt(resource, 'containedIn') !== undefined) continue;
    const url = webUrl(target);
    if (url !== undefined) urls.push({ url, ...(digest ? { digest } : {}) });
    else if (isRelative(target)) files.push(listed(target, resource, digest, entry));
  }
  return { files, findings, urls, formats: [...formats].sort() };
}

function listed(target: string, resource: JsonObject, digest: Digest | undefined, entry: Entry): ListedFile {
  const path = siblingOf(entry.path, target.replace(/^(?:\.\/)+/, ''));
  const size = sizeOf(valueAt(resource, 'contentSize'));
  return { path, ...(size === undefined ? {} : { size }), ...(digest ? { digest } : {}) };
}

function isFileObject(resource: JsonObject): boolean {
  return textsAt(resource, '@type').some((type) => nameOf(type.replace(':', '/')) === 'FileObject');
}

function isRelative(target: string): boolean {
  return (
    !/^[a-z][a-z0-9+.-]*:/i.test(target) && !leavesDirectory(target) && target.length <= limits.pathLength
  );
}

/** The digest where there is one; a finding where something else stands in its place. */
function digestOf(resource: JsonObject, entry: Entry, findings: Finding[]): Digest | undefined {
  const text = textAt(resource, 'sha256')?.trim().toLowerCase();
  const md5 = textAt(resource, 'md5')?.trim().toLowerCase();
  if (text !== undefined && isHexOf('sha256', text)) return { algorithm: 'sha256', hex: text };
  // A repository has no digest; what generators write there is a note.
  if (text !== undefined && !textsAt(resource, 'encodingFormat').includes('git+https')) {
    const name = textAt(resource, 'name') ?? textAt(resource, '@id') ?? 'a file';
    const what = isHexOf('md5', text) ? 'has the length of an MD5' : 'is no digest';
    const message = `the sha256 of ${name.slice(0, limits.provenanceText)} ${what}`;
    findings.push(
      finding(malformedDigest, entry.path, message, { symbol: name.slice(0, limits.provenanceText) }),
    );
    if (isHexOf('md5', text)) return { algorithm: 'md5', hex: text };
  }
  return md5 !== undefined && isHexOf('md5', md5) ? { algorithm: 'md5', hex: md5 } : undefined;
}

/** Bytes; a size with a unit is rounded, and says nothing that bytes could be held against. */
function sizeOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  const digits = typeof text === 'string' ? /^(\d{1,15})(?:\s*B)?$/.exec(text.trim())?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** The objects of a member that may be one or a list. */
export function objectsAt(value: unknown, name: string): JsonObject[] {
  const found = valueAt(value, name);
  return (Array.isArray(found) ? found : [found]).filter(isObject);
}
