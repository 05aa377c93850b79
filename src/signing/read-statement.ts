import { isHexOf } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { isObject, parseJsonObject } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { statementType } from '../core/statement.ts';
import type { Statement } from '../core/statement.ts';

const statementMembers = ['_type', 'subject', 'predicateType', 'predicate'];
/** In-toto's ResourceDescriptor, v1. */
const subjectMembers = ['name', 'uri', 'digest', 'content', 'downloadLocation', 'mediaType', 'annotations'];

/**
 * Reads an in-toto statement v1 as strictly as cosign does: no member twice, none unknown, the predicate an object,
 * 1 to `limits.subjects` subjects; each must have a SHA-256.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT` for too many subjects or digests, or too deep nesting
 */
export function readStatement(payload: Uint8Array): Statement<JsonObject> {
  const json = parseJsonObject(payload, { subject: 'statement' });
  assertOnly(json, statementMembers, 'statement');
  if (json['_type'] !== statementType) throw malformed(`its _type is not ${statementType}`);
  if (typeof json['predicateType'] !== 'string') throw malformed('it has no predicateType');
  if (!isObject(json['predicate'])) throw malformed('its predicate is not an object');
  assertSubjects(json['subject']);
  return json as unknown as Statement<JsonObject>;
}

function assertSubjects(subjects: JsonValue | undefined): void {
  if (!Array.isArray(subjects) || subjects.length === 0) throw malformed('it has no subject');
  if (subjects.length > limits.subjects) throw tooMany(`${subjects.length} subjects`, limits.subjects);
  for (const [index, subject] of subjects.entries()) assertSubject(subject, `subject[${index}]`);
}

function assertSubject(subject: JsonValue, at: string): void {
  if (!isObject(subject)) throw malformed(`${at} is not an object`);
  assertOnly(subject, subjectMembers, at);
  if (typeof subject['name'] !== 'string') throw malformed(`${at} has no name`);
  const digest = subject['digest'];
  if (!isObject(digest)) throw malformed(`${at} has no digest`);
  const values = Object.values(digest);
  if (values.length > limits.digestsPerSubject)
    throw tooMany(`${values.length} digests`, limits.digestsPerSubject);
  if (!values.every((value) => typeof value === 'string'))
    throw malformed(`${at} has a digest that is not text`);
  const sha256 = digest['sha256'];
  if (typeof sha256 !== 'string' || !isHexOf('sha256', sha256)) throw malformed(`${at} has no SHA-256`);
}

function assertOnly(object: JsonObject, members: readonly string[], at: string): void {
  const unknown = Object.keys(object).find((name) => !members.includes(name));
  if (unknown === undefined) return;
  throw malformed(`${at} has a member ${JSON.stringify(unknown.slice(0, 80))}, which is not known`);
}

function malformed(why: string): MlbomError {
  return new MlbomError('E_MALFORMED', `statement: ${why}`, { subject: 'statement', rule: 'statement' });
}

function tooMany(what: string, limit: number): MlbomError {
  return new MlbomError('E_LIMIT', `statement: ${what}, more than ${limit}`, { subject: 'statement' });
}
