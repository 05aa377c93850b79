import { isObject, type JsonValue } from '../core/json.ts';
import { escapeToken } from '../core/json-pointer.ts';
import { nearest } from './nearest.ts';
import type { SchemaError } from './schema-errors.ts';
import { spdxId } from '../core/spdx.ts';

interface Description {
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** What one error says and how to mend it. Values are not quoted, but for short words of a closed list: they may be secrets. */
export function describeSchemaError(error: SchemaError, value: JsonValue | undefined): Description {
  const { params } = error;
  const pointer = error.instancePath;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownMember(pointer, String(params['additionalProperty']), namesIn(params['allowed']));
    case 'unevaluatedProperties':
      return unknownMember(pointer, String(params['unevaluatedProperty']), []);
    case 'required':
      return { pointer, message: `"${String(params['missingProperty'])}" is missing`, fix: 'add it' };
    case 'enum':
      return notInList(pointer, value, namesIn(params['allowedValues']));
    case 'const':
      return {
        pointer,
        message: 'is not the value that must stand here',
        fix: `write ${JSON.stringify(params['allowedValue'])}`,
      };
    case 'type':
      return {
        pointer,
        message: `is ${typeOf(value)}, not ${String(params['type'])}`,
        fix: `give a value of type ${String(params['type'])}`,
      };
    case 'spdxLicenseId':
      return unknownLicense(pointer, value);
    case 'format':
      return wrongFormat(pointer, String(params['format']));
    case 'pattern':
      return {
        pointer,
        message: 'does not have the form that is wanted here',
        fix: `match ${String(params['pattern'])}`,
      };
    case 'uniqueItems':
      return {
        pointer: `${pointer}/${String(params['index'])}`,
        message: 'is the same as an earlier item',
        fix: 'remove one of them',
      };
    case 'oneOf':
    case 'anyOf':
      return wrongForm(error, value);
    case 'not':
      return forbidden(pointer, namesIn(params['required']));
    default:
      return outOfBounds(error);
  }
}

function unknownMember(pointer: string, name: string, allowed: string[]): Description {
  const [near] = nearest(name, allowed);
  const listed = allowed.length > 12 ? `${allowed.slice(0, 12).join(', ')}, …` : allowed.join(', ');
  return {
    pointer: `${pointer}/${escapeToken(name)}`,
    message: `"${name.slice(0, 80)}" is not a member that may stand here`,
    fix:
      near !== undefined
        ? `remove it, or write "${near}"`
        : listed
          ? `remove it; allowed: ${listed}`
          : 'remove it',
  };
}

function notInList(pointer: string, value: JsonValue | undefined, allowed: string[]): Description {
  const word = typeof value === 'string' && value.length <= 40 ? value : undefined;
  const near = word === undefined ? [] : nearest(word, allowed);
  const listed = near.length > 0 ? near : allowed.slice(0, 20);
  return {
    pointer,
    message:
      word === undefined ? 'is not one of the allowed values' : `"${word}" is not one of the allowed values`,
    fix: `write ${listed.join(', ')}${near.length === 0 && allowed.length > 20 ? ', …' : ''}`,
  };
}

function unknownLicense(pointer: string, value: JsonValue | undefined): Description {
  const id = typeof value === 'string' ? spdxId(value) : undefined;
  return {
    pointer,
    message: 'is not an SPDX licence id',
    fix: id === undefined ? 'put a licence that SPDX does not list into "name"' : `write ${id}`,
  };
}

function forbidden(pointer: string, names: string[]): Description {
  if (names.length === 1)
    return { pointer, message: `"${names.join()}" may not stand here`, fix: 'remove it' };
  return { pointer, message: `${names.join(' and ')} may not stand together`, fix: 'remove one of them' };
}

const formats: Record<string, [what: string, fix: string]> = {
  'date-time': ['a date and time (RFC 3339)', 'write it as 2026-01-31T12:00:00Z'],
  date: ['a date (RFC 3339)', 'write it as 2026-01-31'],
  'iri-reference': ['a URL (RFC 3987)', 'percent-encode spaces, quotes, <, >, \\, ^, `, {, | and }'],
  uri: ['a name of the list or a URI', 'write a name of the list, or an absolute URI'],
  'idn-email': ['an e-mail address', 'write it as name@example.org'],
};

function wrongFormat(pointer: string, format: string): Description {
  const [what, fix] = formats[format] ?? [format, `write ${format}`];
  return { pointer, message: `is not ${what}`, fix };
}

function wrongForm(error: SchemaError, value: JsonValue | undefined): Description {
  const pointer = error.instancePath;
  const forms = Array.isArray(error.params['forms']) ? (error.params['forms'] as string[][]) : [];
  const names = forms.map((form) => form.join(' with '));
  if (!isObject(value) || forms.length === 0) {
    return {
      pointer,
      message: 'has none of the forms that are allowed here',
      fix: 'compare it with the specification',
    };
  }
  const present = forms.filter((form) => form.every((name) => Object.hasOwn(value, name)));
  if (present.length > 1) {
    return {
      pointer,
      message: `has ${present.flat().join(' and ')}; only one of them may stand`,
      fix: 'remove one of them',
    };
  }
  return { pointer, message: `needs ${names.join(' or ')}`, fix: `add ${names.join(' or ')}` };
}

function outOfBounds(error: SchemaError): Description {
  const limit = String(error.params['limit']);
  const bounds: Record<string, string> = {
    minimum: `at least ${limit}`,
    maximum: `at most ${limit}`,
    exclusiveMinimum: `more than ${limit}`,
    exclusiveMaximum: `less than ${limit}`,
    minLength: `at least ${limit} characters long`,
    maxLength: `at most ${limit} characters long`,
    minItems: `a list of at least ${limit}`,
    maxItems: `a list of at most ${limit}`,
    items: `a list of at most ${limit}`,
    minProperties: `an object of at least ${limit} members`,
    maxProperties: `an object of at most ${limit} members`,
  };
  const bound = bounds[error.keyword];
  if (bound === undefined) {
    return {
      pointer: error.instancePath,
      message: `does not follow "${error.keyword}" of the schema`,
      fix: 'compare it with the schema',
    };
  }
  return { pointer: error.instancePath, message: `must be ${bound}`, fix: `make it ${bound}` };
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function typeOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
