import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isObject } from '../../core/json.ts';
import { numberAt, textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { nameOf } from '../../core/path.ts';
import { webUrl } from '../../core/web-url.ts';
import { attributesFrom } from '../attributes.ts';
import { describedDirectory } from '../described-directory.ts';
import { readJsonFile } from '../json-file.ts';
import { licenseClaim } from '../license-claim.ts';

/** `meta.json` of a spaCy pipeline (spacy.io/api/data-formats#meta). */
export const spacy: FileCollector = {
  id: 'spacy',
  version: 1,
  wants: (entry) => nameOf(entry.path) === 'meta.json',
  async collect(entry): Promise<Collected> {
    const meta = await readJsonFile(entry);
    const needs = textAt(meta, 'spacy_version');
    const language = textAt(meta, 'lang');
    // Many tools have a file of this name; spaCy's names the spaCy that it needs.
    if (needs === undefined || language === undefined) return nothing;
    const attributes = attributesFrom(entry.path, 'spacy');
    const name = textAt(meta, 'name');
    attributes.add('name', name && `${language}_${name}`, 'name');
    attributes.add('version', textAt(meta, 'version'), 'version');
    attributes.add('description', textAt(meta, 'description'), 'description');
    const license = textAt(meta, 'license');
    attributes.add(
      'license',
      license === undefined ? undefined : licenseClaim(license, undefined),
      'license',
    );
    const author = textAt(meta, 'author');
    attributes.add('authors', author === undefined ? undefined : [{ name: author }], 'author');
    const url = webUrl(textAt(meta, 'url') ?? '');
    attributes.add('references', url === undefined ? undefined : [{ type: 'website', url }], 'url');
    attributes.add('mlbom:model:library', 'spacy');
    attributes.add('mlbom:model:format', 'spacy');
    attributes.add('mlbom:model:languages', language, 'lang');
    attributes.add('mlbom:model:portability', `needs spacy ${needs}`, 'spacy_version');
    for (const pipe of textsAt(meta, 'pipeline').slice(0, 64)) {
      attributes.add('mlbom:model:classes', pipe, 'pipeline');
    }
    const performance = valueAt(meta, 'performance');
    const metrics = Object.keys(isObject(performance) ? performance : {}).flatMap((type) => {
      const value = numberAt(performance, type);
      return value === undefined ? [] : [{ type, value: String(value) }];
    });
    attributes.add('metrics', metrics.slice(0, 100), 'performance');
    return describedDirectory(entry, attributes);
  },
};
