import { basename } from 'node:path';
import { lint } from '../bom/lint.ts';
import { explainSchemaErrors } from '../bom/schema-errors.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Declaration } from '../core/declaration.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import { decodeUtf8, isObject, parseJson, type JsonObject, type JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { parseYaml } from '../formats/yaml.ts';
import { readInput } from './read-input.ts';

/**
 * Reads what a person declares (schemas/config-v1): YAML by the extensions .yaml and .yml, JSON otherwise.
 * What it lets through gives a BOM that is valid and clean; so it looks for secrets and wrong purls too.
 * @param path a file, or `-` for JSON on standard input
 * @throws MlbomError `E_CONFIG` with everything that is wrong with it, `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function readDeclaration(path: string): Promise<Declaration> {
  const source = path === '-' ? 'standard input' : basename(path);
  const document = await parsed(path);
  const wrong = [...(await schemaFaults(document)), ...contentFaults(document, source)];
  if (wrong.length > 0 || !isObject(document)) throw invalid(path, wrong);
  const declared: JsonObject = { ...document };
  delete declared['$schema'];
  delete declared['version'];
  return { ...declared, source };
}

async function parsed(path: string): Promise<JsonValue> {
  try {
    const bytes = await readInput(path, limits.configBytes);
    const value = /\.ya?ml$/i.test(path)
      ? await parseYaml(decodeUtf8(bytes, path), path)
      : parseJson(bytes, { subject: path });
    // Neither grammar refuses half a surrogate pair, and no BOM can carry one.
    canonicalJson(value);
    return value;
  } catch (cause) {
    if (!isMlbomError(cause) || cause.code === 'E_NOT_FOUND' || cause.code === 'E_UNREADABLE') throw cause;
    throw new MlbomError('E_CONFIG', cause.message, {
      subject: path,
      next: 'correct the file; schemas/config-v1.schema.json describes it',
      cause,
    });
  }
}

async function schemaFaults(document: JsonValue): Promise<string[]> {
  const { errorsOf } = await import('../../generated/config-v1.js');
  return explainSchemaErrors(errorsOf(document), document).map(told);
}

/** What the lint would hold against the BOM: it looks at the same values under the same names. */
function contentFaults(document: JsonValue, source: string): string[] {
  if (!isObject(document)) return [];
  return lint({ ...asWritten(document), source })
    .filter(({ severity }) => severity === 'error')
    .map(told);
}

/** A hostile file can have names of any length. */
function told({ pointer, message, fix }: { pointer: string; message: string; fix: string }): string {
  return `${pointer.slice(0, 240) || '/'}: ${message} (${fix})`;
}

/** Names that the user is free to choose are values in the BOM. */
function asWritten(document: JsonObject): JsonObject {
  const { training, datasets } = document;
  return {
    ...document,
    ...(isObject(training)
      ? { training: { ...training, parameters: namedTexts(training['parameters']) } }
      : {}),
    ...(Array.isArray(datasets)
      ? {
          datasets: datasets.map((dataset) =>
            isObject(dataset) ? { ...dataset, statistics: namedTexts(dataset['statistics']) } : dataset,
          ),
        }
      : {}),
  };
}

function namedTexts(value: JsonValue | undefined): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(
    ([name, item]) => `${name}=${typeof item === 'object' ? '' : String(item)}`,
  );
}

function invalid(path: string, wrong: readonly string[]): MlbomError {
  return new MlbomError('E_CONFIG', `${path}: ${wrong.join('; ')}`, {
    subject: path,
    next: 'correct them; schemas/config-v1.schema.json says what each field means',
  });
}
