import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { readPythonMetadata } from '../../formats/python-metadata.ts';
import { attributesFrom } from '../attributes.ts';
import { aboutDistribution, placeOf } from './place.ts';

/** What built the wheel, and for which interpreters and platforms (PyPA "Binary distribution format"). */
export async function wheelFact(entry: Entry): Promise<Fact> {
  const fields = await readPythonMetadata(entry, entry.path);
  const attributes = attributesFrom(entry.path, 'python-dist');
  for (const key of ['generator', 'tag', 'build']) {
    for (const value of (fields.get(key) ?? []).slice(0, mostTags)) {
      if (value !== '') attributes.add('mlbom:package:header', `${key}=${value}`, key);
    }
  }
  const about = aboutDistribution(placeOf(entry.path), entry);
  return { about, type: 'library', attributes: attributes.list, relations: [] };
}

/** `py2.py3` and a few platforms make about ten. */
const mostTags = 32;
