import type { Fact, Relation } from '../../core/fact.ts';
import { datasetTarget } from '../../core/hub.ts';
import type { JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { attributesFrom } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { packageMaintainer } from '../package-maintainer.ts';
import { repositoryUrl } from '../repository-url.ts';
import { addHeader, addWeights, artifactFact } from './model-attributes.ts';

/** ModelPack's configuration (model-spec, docs/config.md and schema/config-schema.json). */
export function modelPackFact(config: JsonObject, source: string): readonly Fact[] {
  const attributes = attributesFrom(source, 'image');
  const described = (name: string): string | undefined => textAt(config, 'descriptor', name);
  attributes.add('name', described('name') ?? described('title'), '/descriptor/name');
  attributes.add('version', described('version'), '/descriptor/version');
  attributes.add('description', described('description'), '/descriptor/description');
  const licenses = textsAt(config, 'descriptor', 'licenses').slice(0, most);
  const license = licenses.length > 0 ? licenseClaim(licenses.join(' AND '), undefined) : undefined;
  attributes.add('license', license, '/descriptor/licenses');
  const authors = textsAt(config, 'descriptor', 'authors').slice(0, most);
  attributes.add(
    'authors',
    authors.flatMap((author) => packageMaintainer(author) ?? []),
    '/descriptor/authors',
  );
  const vendor = described('vendor');
  attributes.add('supplier', vendor === undefined ? undefined : { name: vendor }, '/descriptor/vendor');
  for (const [type, name] of [
    ['documentation', 'docURL'],
    ['vcs', 'sourceURL'],
  ] as const) {
    const url = repositoryUrl(described(name) ?? '');
    if (url !== undefined) attributes.add('references', [{ type, url }], `/descriptor/${name}`);
  }
  for (const name of ['family', 'revision', 'title', 'createdAt'])
    addHeader(attributes, name, described(name), `/descriptor/${name}`);

  const technical = (name: string): string | undefined => textAt(config, 'config', name);
  addWeights(attributes, (field) => `/config/${field === 'parameters' ? 'paramSize' : field}`, {
    format: technical('format'),
    architecture: technical('architecture'),
    parameters: technical('paramSize'),
    quantization: technical('quantization'),
    precision: technical('precision'),
  });
  addCapabilities(config, attributes);
  const evidence = attributes.evidence('/descriptor/datasetsURL');
  const relations = textsAt(config, 'descriptor', 'datasetsURL')
    .slice(0, most)
    .map((text): Relation => ({ type: 'dataset', to: datasetTarget(text), evidence }));
  return [artifactFact('machine-learning-model', attributes, relations)];
}

/** Entries of one list in a configuration; real ones have a handful. */
const most = Math.min(64, limits.imageDescriptors);

function addCapabilities(config: JsonObject, attributes: ReturnType<typeof attributesFrom>): void {
  const at = '/config/capabilities';
  const list = (name: string): string[] => textsAt(config, 'config', 'capabilities', name).slice(0, most);
  attributes.add('inputs', list('inputTypes'), `${at}/inputTypes`);
  attributes.add('outputs', list('outputTypes'), `${at}/outputTypes`);
  attributes.add('mlbom:model:languages', list('languages').join(','), `${at}/languages`);
  addHeader(attributes, 'knowledgeCutoff', textAt(config, 'config', 'capabilities', 'knowledgeCutoff'), at);
  for (const name of ['reasoning', 'toolUsage', 'reward']) {
    const value = valueAt(config, 'config', 'capabilities', name);
    if (typeof value === 'boolean') addHeader(attributes, name, String(value), `${at}/${name}`);
  }
}
