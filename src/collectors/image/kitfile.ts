import type { Fact, LicenseClaim, Relation, Target } from '../../core/fact.ts';
import { modelTarget } from '../../core/hub.ts';
import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { attributesFrom } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { packageMaintainer } from '../package-maintainer.ts';
import { parametersOf } from '../parameters.ts';
import { addHeader, addWeights, artifactFact } from './model-attributes.ts';

/** A Kitfile as JSON, which is the configuration of a ModelKit (KitOps, pkg/artifact/kitfile.go). */
export function kitfileFacts(kitfile: JsonObject, source: string): readonly Fact[] {
  const attributes = attributesFrom(source, 'image');
  const ofPackage = (name: string): string | undefined => textAt(kitfile, 'package', name);
  attributes.add('name', ofPackage('name'), '/package/name');
  attributes.add('version', ofPackage('version'), '/package/version');
  attributes.add('description', ofPackage('description'), '/package/description');
  // What holds for the package holds for the model, unless the model has a licence of its own.
  const license = ofPackage('license');
  if (textAt(kitfile, 'model', 'license') === undefined)
    attributes.add('license', claimOf(license), '/package/license');
  else addHeader(attributes, 'package-license', license, '/package/license');
  const authors = textsAt(kitfile, 'package', 'authors').slice(0, most);
  attributes.add(
    'authors',
    authors.flatMap((author) => packageMaintainer(author) ?? []),
    '/package/authors',
  );
  return [artifactFact('machine-learning-model', attributes), ...modelFacts(kitfile, source)];
}

/** Entries of one list in a Kitfile. */
const most = 1000;

function modelFacts(kitfile: JsonObject, source: string): Fact[] {
  const model = valueAt(kitfile, 'model');
  if (!isObject(model)) return [];
  const attributes = attributesFrom(source, 'image');
  const said = (name: string): string | undefined => textAt(model, name);
  attributes.add('name', said('name'), '/model/name');
  attributes.add('version', said('version'), '/model/version');
  attributes.add('description', said('description'), '/model/description');
  attributes.add('license', claimOf(said('license')), '/model/license');
  attributes.add('mlbom:model:library', said('framework')?.toLowerCase(), '/model/framework');
  addWeights(attributes, (field) => `/model/${field}`, { format: said('format') });
  for (const { name, value } of parametersOf(valueAt(model, 'parameters') as JsonValue | undefined).slice(
    0,
    64,
  ))
    addHeader(attributes, name, value, '/model/parameters');
  // Where a path is expected, KitOps takes the reference of another ModelKit, which this one is made from.
  const base = referenceOf(said('path'));
  const relations: Relation[] = [];
  if (base) {
    const evidence = attributes.evidence('/model/path');
    relations.push({ type: 'base-model', how: 'unspecified', to: base, evidence });
  }
  for (const [index, dataset] of objectsAt(kitfile, 'datasets').entries()) {
    const name = textAt(dataset, 'name') ?? textAt(dataset, 'path');
    if (name === undefined) continue;
    const to = { name: shortened(name, limits.provenanceText) };
    relations.push({ type: 'dataset', to, evidence: attributes.evidence(`/datasets/${index}`) });
  }
  return [artifactFact('machine-learning-model', attributes, relations)];
}

/** `registry.example.org/team/model:v1`; a path of files has no tag, or begins with a dot. */
function referenceOf(path: string | undefined): Target | undefined {
  const [, name, version] =
    /^((?:[\w-]+\.)+[\w-]+(?::\d+)?\/[\w./-]{1,200}):([\w.-]{1,128})$/.exec(path ?? '') ?? [];
  return name === undefined || version === undefined ? undefined : { ...modelTarget(name), name, version };
}

function objectsAt(value: JsonObject, name: string): JsonObject[] {
  const list = valueAt(value, name);
  return Array.isArray(list) ? list.slice(0, most).filter(isObject) : [];
}

function claimOf(license: string | undefined): LicenseClaim | undefined {
  return license === undefined ? undefined : licenseClaim(license, undefined);
}
