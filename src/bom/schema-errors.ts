import { groupBy } from '../core/group-by.ts';
import { isObject, type JsonValue } from '../core/json.ts';
import { valueAtPointer } from '../core/json-pointer.ts';
import { describeSchemaError } from './describe-schema-error.ts';

/** What a compiled schema of `generated/` reports. */
export interface SchemaError {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** One place that does not follow a schema. */
export interface SchemaFinding {
  readonly id: 'schema';
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * Turns the errors of a compiled schema into what a person wants to know.
 * Where one of several forms was wanted, a validator reports the errors of all of them;
 * what is told here is the form that was meant.
 */
export function explainSchemaErrors(errors: readonly SchemaError[], document: JsonValue): SchemaFinding[] {
  const told: SchemaError[] = [];
  for (const error of errors) {
    // `if` says only that its `then` failed, which has its own error.
    if (error.keyword === 'if') continue;
    if (error.keyword !== 'oneOf' && error.keyword !== 'anyOf') {
      told.push(error);
      continue;
    }
    const branches = takeBranches(told, error);
    for (const one of meant(error, branches, document)) told.push(one);
  }
  const findings = new Map<string, SchemaFinding>();
  for (const error of told) {
    const finding: SchemaFinding = {
      id: 'schema',
      ...describeSchemaError(error, valueAtPointer(document, error.instancePath)),
    };
    findings.set(`${finding.pointer}\n${finding.message}`, finding);
  }
  return [...findings.values()];
}

/** The errors of the forms stand directly before the error that says that none (or too many) of them fit. */
function takeBranches(told: SchemaError[], choice: SchemaError): SchemaError[] {
  let start = told.length;
  while (start > 0 && belongsTo(told[start - 1], choice)) start--;
  return told.splice(start);
}

function belongsTo(error: SchemaError | undefined, choice: SchemaError): boolean {
  if (error === undefined || isSettled(error, choice)) return false;
  return (
    error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`)
  );
}

/** Two choices of one object stand side by side in the schema: the first one's result is not part of the second. */
function isSettled(error: SchemaError, choice: SchemaError): boolean {
  const isChoice = error.keyword === 'oneOf' || error.keyword === 'anyOf';
  return isChoice && error.instancePath === choice.instancePath && parentOf(error) === parentOf(choice);
}

function parentOf(error: SchemaError): string {
  return error.schemaPath.slice(0, error.schemaPath.lastIndexOf('/'));
}

function meant(choice: SchemaError, branches: SchemaError[], document: JsonValue): SchemaError[] {
  const value = valueAtPointer(document, choice.instancePath);
  const forms = Array.isArray(choice.params['forms']) ? (choice.params['forms'] as string[][]) : [];
  if (isObject(value) && forms.length > 0) {
    const present = forms.flatMap((names, form) =>
      names.every((name) => Object.hasOwn(value, name)) ? [form] : [],
    );
    const [form] = present;
    if (present.length !== 1 || form === undefined) return [choice];
    const own = branches.filter((error) => !isOfOtherForm(error, choice, form));
    return own.length > 0 ? own : [choice];
  }
  return deepest(choice, branches);
}

function isOfOtherForm(error: SchemaError, choice: SchemaError, form: number): boolean {
  return error.schemaPath.startsWith(`${choice.schemaPath}/`) && formOf(error, choice) !== String(form);
}

function formOf(error: SchemaError, choice: SchemaError): string {
  const prefix = `${choice.schemaPath}/`;
  if (!error.schemaPath.startsWith(prefix)) return 'referenced';
  return error.schemaPath.slice(prefix.length).split('/', 1)[0] ?? '';
}

/** The form whose errors lie deepest fits most of the value; of several, the one with the fewest errors. */
function deepest(choice: SchemaError, branches: SchemaError[]): SchemaError[] {
  const byForm = groupBy(branches, (error) => formOf(error, choice));
  const ranked = [...byForm.values()].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length);
  const [best = []] = ranked;
  return best.length > 0 && depthOf(best) > choice.instancePath.split('/').length
    ? best
    : outermost(choice, branches, best);
}

function depthOf(errors: readonly SchemaError[]): number {
  // Not as arguments of one call: a hostile document can have more errors than a call takes.
  return errors.reduce((deepest, error) => Math.max(deepest, error.instancePath.split('/').length), 0);
}

/** No form fits the value itself: its type is wrong, or it is text of no allowed form, or an object without what it needs. */
function outermost(choice: SchemaError, branches: SchemaError[], best: SchemaError[]): SchemaError[] {
  const types = branches
    .filter((error) => error.keyword === 'type')
    .map((error) => String(error.params['type']));
  if (types.length === branches.length && types.length > 0) {
    return [{ ...choice, keyword: 'type', params: { type: [...new Set(types)].join(' or ') } }];
  }
  const format = branches.find((error) => error.keyword === 'format');
  if (format !== undefined) return [format];
  return best.length > 0 ? best : [choice];
}
