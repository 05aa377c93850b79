import type { SpecVersion } from '../core/bom.ts';
import type { JsonObject } from '../core/json.ts';
import { explainSchemaErrors, type SchemaError, type SchemaFinding } from './schema-errors.ts';
import { unsupportedVersion } from './read.ts';

/**
 * Everything in which a document does not follow the JSON Schema of its version, 1.6 or 1.7, all at once.
 * Strict: unknown members are refused, and formats (times, IRIs, addresses) are checked.
 * @throws MlbomError `E_UNSUPPORTED` for other versions
 */
export async function validateSchema(document: JsonObject): Promise<SchemaFinding[]> {
  const version = document['specVersion'];
  if (typeof version !== 'string') {
    const message = version === undefined ? 'specVersion is missing' : 'specVersion must be a string';
    return [{ id: 'schema', pointer: '/specVersion', message, fix: 'write "1.6" or "1.7"' }];
  }
  if (!isSpecVersion(version)) throw unsupportedVersion(version, 'document');
  const errorsOf = await validators[version]();
  return explainSchemaErrors(errorsOf(document), document);
}

const validators: Record<SpecVersion, () => Promise<(value: unknown) => SchemaError[]>> = {
  '1.6': async () => (await import('../../generated/cyclonedx-1.6.js')).errorsOf,
  '1.7': async () => (await import('../../generated/cyclonedx-1.7.js')).errorsOf,
};

function isSpecVersion(version: string): version is SpecVersion {
  return Object.hasOwn(validators, version);
}
