import type { DataGovernance, Party } from '../../core/fact.ts';
import type { JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { webUrl } from '../../core/web-url.ts';
import type { AttributeList } from '../attributes.ts';
import { addDeclaredColumns } from '../dataset-columns.ts';
import { licenseClaim } from '../license-claim.ts';
import { objectsAt, type Distribution } from './distribution.ts';

/** Addresses and media types of files that a BOM shows. */
const shown = 20;

/** Fields of the RAI vocabulary that say where the data came from (Croissant RAI 1.0). */
const provenanceFields = [
  'dataCollection',
  'dataCollectionType',
  'dataCollectionRawData',
  'dataCollectionTimeframe',
  'dataPreprocessingProtocol',
  'dataManipulationProtocol',
  'dataAnnotationProtocol',
];

/** What a Croissant description says of its dataset. */
export function describe(json: JsonObject, { urls, formats }: Distribution, attributes: AttributeList): void {
  attributes.add('name', textAt(json, 'name'), '/name');
  attributes.add('description', textAt(json, 'description'), '/description');
  attributes.add('version', versionOf(json), '/version');
  const [license] = [...textsAt(json, 'license'), ...textsOf(json, 'license', ['name', 'url', '@id'])];
  if (license !== undefined) attributes.add('license', licenseClaim(license, license), '/license');
  attributes.add('tags', textsAt(json, 'keywords'), '/keywords');
  attributes.add('authors', partiesOf(json, ['creator', 'author']), '/creator');
  attributes.add('supplier', partiesOf(json, ['publisher', 'sdPublisher'])[0], '/publisher');
  addReferences(json, urls, attributes);
  for (const format of formats.slice(0, shown))
    attributes.add('mlbom:dataset:statistic', `encoding=${format}`, '/distribution');
  addRecordSets(json, attributes);
  addResponsibility(json, attributes);
}

function addReferences(json: JsonObject, urls: Distribution['urls'], attributes: AttributeList): void {
  const page = webUrl(textAt(json, 'url') ?? '');
  if (page !== undefined) attributes.add('references', [{ type: 'website', url: page }], '/url');
  for (const { url, digest } of urls.slice(0, shown)) {
    const hashes = digest ? { hashes: [digest] } : {};
    attributes.add('references', [{ type: 'distribution', url, ...hashes }], '/distribution');
  }
}

/** A field of one record set is a column; several record sets are no table. */
function addRecordSets(json: JsonObject, attributes: AttributeList): void {
  const sets = objectsAt(json, 'recordSet').filter((set) => objectsAt(set, 'field').length > 0);
  const [only, ...others] = sets;
  if (!only) return;
  if (others.length > 0) {
    attributes.add('mlbom:dataset:statistic', `record sets=${sets.length}`, '/recordSet');
    return;
  }
  const columns = objectsAt(only, 'field')
    .slice(0, limits.datasetColumns)
    .map((field) => [shortName(field), typeOf(field)] as const);
  addDeclaredColumns(attributes, columns, '/recordSet/0/field');
}

/** Since 1.0 a field's name begins with that of its record set. */
function shortName(field: JsonObject): string {
  const name = textAt(field, 'name') ?? textAt(field, '@id') ?? '';
  return name.slice(name.lastIndexOf('/') + 1);
}

function typeOf(field: JsonObject): string {
  const types = [...textsAt(field, 'dataType'), ...textsOf(field, 'dataType', ['@id'])];
  return types.map((type) => type.replace(/^.*[:/#]/s, '')).join('|') || 'unknown';
}

function addResponsibility(json: JsonObject, attributes: AttributeList): void {
  const provenance = provenanceFields.flatMap((field) => raiTexts(json, field));
  attributes.add('provenance', provenance.join('\n'), '/rai:dataCollection');
  attributes.add('technicalLimitations', raiTexts(json, 'dataLimitations'), '/rai:dataLimitations');
  attributes.add('useCases', raiTexts(json, 'dataUseCases'), '/rai:dataUseCases');
  const sensitiveData = raiTexts(json, 'personalSensitiveInformation');
  const owners = partiesOf(json, ['copyrightHolder']);
  const stewards = partiesOf(json, ['maintainer']);
  const governance: DataGovernance = {
    ...(sensitiveData.length > 0 ? { sensitiveData } : {}),
    ...(owners.length > 0 ? { owners } : {}),
    ...(stewards.length > 0 ? { stewards } : {}),
  };
  if (Object.keys(governance).length > 0)
    attributes.add('governance', governance, '/rai:personalSensitiveInformation');
}

/** `rai:dataBiases`, as 1.0 writes it; without a prefix, as the context of most writers allows. */
function raiTexts(json: JsonObject, field: string): string[] {
  return [...textsAt(json, `rai:${field}`), ...textsAt(json, `cr:${field}`), ...textsAt(json, field)];
}

function partiesOf(json: JsonObject, names: readonly string[]): Party[] {
  return names.flatMap((name) => [
    ...textsAt(json, name).map((text): Party => ({ name: text })),
    ...objectsAt(json, name).flatMap((party): Party[] => {
      const [text, email] = [textAt(party, 'name'), textAt(party, 'email')];
      const url = webUrl(textAt(party, 'url') ?? '');
      if (text === undefined && email === undefined) return [];
      return [
        {
          ...(text === undefined ? {} : { name: text }),
          ...(email === undefined ? {} : { email }),
          ...(url === undefined ? {} : { url }),
        },
      ];
    }),
  ]);
}

function textsOf(json: JsonObject, name: string, members: readonly string[]): string[] {
  return objectsAt(json, name).flatMap((object) => {
    const found = members.map((member) => textAt(object, member)).find((text) => text !== undefined);
    return found === undefined ? [] : [found];
  });
}

function versionOf(json: JsonObject): string | undefined {
  const version = valueAt(json, 'version');
  return typeof version === 'number' ? String(version) : textAt(json, 'version');
}
