import type { Bom } from '../core/bom.ts';
import { MlbomError } from '../core/errors.ts';
import { decodeUtf8, parseJsonObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { misfitOf } from './bom-shape.ts';

/** The versions of CycloneDX whose JSON is read; 1.2 was the first with a JSON form. */
const readable = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'];

/**
 * Reads a CycloneDX JSON document of 1.2 to 1.7 whose known fields have the types that `Bom` says. Unknown fields stay.
 * It asks no more than that: `validateSchema` and `lint` judge.
 * @param subject what is being read, for errors
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, or `E_UNSUPPORTED` for XML, SPDX and other versions
 */
export function readBom(input: Uint8Array | string, subject: string): Bom {
  const document = readDocument(input, subject);
  const format = document['bomFormat'];
  if (format !== 'CycloneDX') {
    throw new MlbomError('E_MALFORMED', `${subject}: bomFormat is not "CycloneDX"`, {
      subject,
      rule: 'bom-format',
    });
  }
  const version = document['specVersion'];
  if (typeof version !== 'string' || !readable.includes(version)) throw unsupportedVersion(version, subject);
  const misfit = misfitOf(document);
  if (misfit !== undefined) {
    const where = misfit.pointer || '/';
    throw new MlbomError('E_MALFORMED', `${subject}: ${where} must be ${misfit.must}`, {
      subject,
      rule: 'bom-shape',
      next: 'mlbom validate lists everything that does not fit the schema',
    });
  }
  return document as unknown as Bom;
}

/**
 * Reads any JSON object strictly (no duplicate keys) that may be a BOM, for `validateSchema` and `lint`.
 * @throws MlbomError as `readBom`, but neither for the format's name nor for its version
 */
export function readDocument(input: Uint8Array | string, subject: string): JsonObject {
  const bytes = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (bytes > limits.bomBytes) {
    throw new MlbomError('E_LIMIT', `${subject}: larger than ${limits.bomBytes} bytes`, {
      subject,
      rule: 'bom-bytes',
    });
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input, subject);
  if (/^\ufeff?\s*</.test(text)) {
    throw new MlbomError('E_UNSUPPORTED', `${subject}: XML is not read`, {
      subject,
      rule: 'bom-xml',
      next: 'convert it first: cyclonedx convert --input-file BOM --output-format json',
    });
  }
  const document = parseJsonObject(text, { subject });
  if (!('bomFormat' in document) && ('spdxVersion' in document || '@graph' in document)) {
    throw new MlbomError('E_UNSUPPORTED', `${subject}: SPDX is not read`, {
      subject,
      rule: 'bom-spdx',
      next: 'give a CycloneDX document',
    });
  }
  return document;
}

/** The error for a document of a version that is not handled. */
export function unsupportedVersion(version: unknown, subject: string): MlbomError {
  const said =
    typeof version === 'string' ? `CycloneDX ${version.slice(0, 40)} is not read` : 'specVersion is missing';
  return new MlbomError('E_UNSUPPORTED', `${subject}: ${said}`, {
    subject,
    rule: 'bom-version',
    next: 'convert it to CycloneDX 1.6 or 1.7',
  });
}
