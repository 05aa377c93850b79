/**
 * What compiled schemas need at run time. `build-schemas.js` copies this file beside them, so that validating a
 * document loads neither ajv nor any other package.
 */

/** Errors kept of one (sub)schema: a hostile document could have one for every two bytes. */
const errorsKept = 1000;

/** Appends in place; ajv's own `concat` is quadratic in the number of failing items. */
export function add(errors, error) {
  if (errors === null) return [error];
  if (errors.length < errorsKept) errors.push(error);
  return errors;
}

export function merge(errors, more) {
  if (errors === null) return more;
  for (let i = 0; i < more.length && errors.length < errorsKept; i++) errors.push(more[i]);
  return errors;
}

/** The errors that are really there: after the limit, ajv's bookkeeping leaves holes. */
export function kept(errors) {
  return errors.slice(0, errorsKept);
}

/** The length of a string in Unicode code points. */
export function ucs2length(text) {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}

export function equal(a, b) {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonical(a) === canonical(b));
}

/**
 * The index of the first item that equals an earlier one, else -1.
 * ajv compares every pair, which takes hours for 100,000 components. Here items are told apart by their usual names,
 * and only those that share them are compared whole.
 */
export function duplicateIn(items) {
  if (items.length < 2) return -1;
  const first = new Map();
  const whole = new Map();
  for (let i = 0; i < items.length; i++) {
    const names = namesOf(items[i]);
    const earlier = first.get(names);
    if (earlier === undefined) {
      first.set(names, i);
      continue;
    }
    const forms = whole.get(names) ?? new Set([canonical(items[earlier])]);
    const form = canonical(items[i]);
    if (forms.has(form)) return i;
    whole.set(names, forms.add(form));
  }
  return -1;
}

/** Equal for equal items; mostly different for different ones. */
function namesOf(item) {
  if (typeof item !== 'object' || item === null) return JSON.stringify(item);
  return `${text(item['bom-ref'])}\n${text(item.ref)}\n${text(item.name)}\n${text(item.version)}`;
}

function text(value) {
  return typeof value === 'string' ? value : '';
}

function canonical(value) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/;
const timeForm = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.\d+)?(?:z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** RFC 3339 `full-date`. */
function isDate(text) {
  const parts = dateForm.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year, month) {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** RFC 3339 `date-time`; a leap second only where one can be, at 23:59:60 UTC or its equal elsewhere. */
function isDateTime(text) {
  return (
    text.length <= 64 &&
    /^t$/i.test(text.charAt(10)) &&
    isDate(text.slice(0, 10)) &&
    timeForm.test(text.slice(11))
  );
}

/** RFC 3987 IRI reference, by its alphabet: no spaces, controls, or the delimiters that RFC 3986 excludes. */
function isIriReference(text) {
  return !/[\p{Cc} "<>\\^`{|}]|%(?![0-9a-f]{2})|#[^#]*#/iu.test(text);
}

function isUri(text) {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && isIriReference(text);
}

/** RFC 6531 mailbox without comments; the quoted local part is allowed. */
function isEmail(text) {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > 320) return false;
  const local = /^(?:"(?:[^"\\\p{Cc}]|\\.)*"|[^\s"(),:;<>@[\\\]\p{Cc}]+)$/u;
  const domain = /^(?:[^\s"(),:;<>@[\\\]\p{Cc}]+|\[[0-9a-f.:]+\])$/iu;
  return local.test(text.slice(0, at)) && domain.test(text.slice(at + 1));
}

export const formats = {
  date: isDate,
  'date-time': isDateTime,
  'iri-reference': isIriReference,
  'uri-reference': isIriReference,
  uri: isUri,
  iri: isUri,
  'idn-email': isEmail,
  email: isEmail,
};
