import type { Digest, DigestAlgorithm } from '../../core/digest.ts';
import { isHexOf } from '../../core/digest.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact, Reference } from '../../core/fact.ts';
import { parseJsonObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { repositoryUrl } from '../repository-url.ts';
import { aboutDistribution, placeOf } from './place.ts';

/**
 * Where a distribution was installed from when it was no index (PyPA "Direct URL", PEP 610).
 * Paths on the machine that installed it are left out.
 */
export async function directUrlFact(entry: Entry): Promise<Fact> {
  const bytes = await readAll(entry, limits.pythonMetadataBytes, entry.path);
  const document = parseJsonObject(bytes, { subject: entry.path });
  const attributes = attributesFrom(entry.path, 'python-dist');
  const commit = textAt(document, 'vcs_info', 'commit_id');
  const isEditable = valueAt(document, 'dir_info', 'editable') === true;
  attributes.add('references', referencesOf(document, commit), '/url');
  attributes.add('mlbom:package:header', header('commit', commit), '/vcs_info/commit_id');
  const asked = textAt(document, 'vcs_info', 'requested_revision');
  attributes.add('mlbom:package:header', header('revision', asked), '/vcs_info/requested_revision');
  if (/^file:/i.test(textAt(document, 'url') ?? '')) {
    const kind = valueAt(document, 'archive_info') === undefined ? 'directory' : 'archive';
    attributes.add('mlbom:package:header', `origin=local ${kind}`, '/url');
  }
  attributes.add('mlbom:package:header', isEditable ? 'editable=true' : undefined, '/dir_info/editable');
  const about = aboutDistribution(placeOf(entry.path), entry);
  return { about, type: 'library', attributes: attributes.list, relations: [] };
}

function referencesOf(document: JsonObject, commit: string | undefined): Reference[] {
  const url = repositoryUrl(textAt(document, 'url') ?? '');
  if (url === undefined) return [];
  if (valueAt(document, 'vcs_info') !== undefined) {
    return [{ type: 'vcs', url, ...(commit === undefined ? {} : { comment: `commit ${commit}` }) }];
  }
  const hashes = archiveHashes(document);
  return [{ type: 'distribution', url, ...(hashes.length === 0 ? {} : { hashes }) }];
}

/** `hashes` is an object; the older `hash` is `algorithm=hex`. */
function archiveHashes(document: JsonObject): Digest[] {
  const listed = valueAt(document, 'archive_info', 'hashes');
  const older = textAt(document, 'archive_info', 'hash')?.split('=', 2) ?? [];
  const pairs = [...Object.entries(typeof listed === 'object' && listed !== null ? listed : {}), older];
  const digests = new Map<string, Digest>();
  for (const [name, hex] of pairs) {
    const algorithm = algorithms.find((each) => each === name);
    if (algorithm !== undefined && typeof hex === 'string' && isHexOf(algorithm, hex.toLowerCase()))
      digests.set(algorithm, { algorithm, hex: hex.toLowerCase() });
  }
  return [...digests.values()];
}

const algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'];

function header(key: string, value: string | undefined): string | undefined {
  return value === undefined || value.length > limits.provenanceText ? undefined : `${key}=${value}`;
}
