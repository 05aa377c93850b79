import type { Collected } from '../../core/collector.ts';
import type { ByteRange, Entry } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { decodeUtf8 } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';
import {
  readTflite,
  readTfliteMetadata,
  type TfliteModel,
  type TfliteTensor,
} from '../../formats/flatbuffers/tflite.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';
import { customOperator, fileOperator, fileOperators, flexOperator } from './rules.ts';

/** Most names worth listing. */
const most = 64;
/** Metadata entries that are text of a few characters. */
const shortEntries = ['min_runtime_version', 'CONVERSION_METADATA'];

/** A TensorFlow Lite model, or a Circle one. */
export async function collectTflite(entry: Entry, format: 'tflite' | 'circle'): Promise<Collected> {
  const model = await readTflite(entry);
  const observed = attributesFrom(entry.path, 'flatbuffer-models', 'observed');
  addObserved(model, format, observed);
  const declared = attributesFrom(entry.path, 'flatbuffer-models');
  declared.add(
    'description',
    model.description === 'MLIR Converted.' ? undefined : model.description,
    'description',
  );
  if (model.description === 'MLIR Converted.')
    declared.add('mlbom:model:producer', 'TensorFlow Lite Converter (MLIR)', 'description');
  const problems = await addMetadata(entry, model, declared);
  const tensors = model.constants.map(({ name, dtype, shape, range }) => ({ name, dtype, shape, ...range }));
  const findings = operatorFindings(entry, model);
  return weightsFact(entry, [observed, declared], { tensors: { tensors }, problems, findings });
}

function addObserved(model: TfliteModel, format: string, attributes: AttributeList): void {
  attributes.add('mlbom:model:format', format);
  attributes.add('mlbom:model:format-version', String(model.version), 'version');
  attributes.add('mimeType', format === 'tflite' ? 'application/vnd.tflite' : undefined);
  attributes.add('mlbom:model:operators', model.operators.slice(0, most).join(', '), 'operator_codes');
  attributes.add(
    'mlbom:model:custom-operators',
    model.customOperators.slice(0, most).join(', '),
    'operator_codes',
  );
  attributes.add('inputs', model.inputs.slice(0, most).map(valueFormat), 'subgraphs/0/inputs');
  attributes.add('outputs', model.outputs.slice(0, most).map(valueFormat), 'subgraphs/0/outputs');
  if (model.subgraphs > 1) attributes.add('mlbom:model:header', `subgraphs=${model.subgraphs}`, 'subgraphs');
  for (const signature of model.signatures.slice(0, most))
    attributes.add('mlbom:model:header', `signature=${signature}`, 'signature_defs');
}

/** `image: F32[1,256,256,3]`; `?` is known at run time alone. */
function valueFormat({ name, dtype, shape }: TfliteTensor): string {
  return `${name}: ${dtype}[${shape.map((size) => (size < 0 ? '?' : String(size))).join(',')}]`;
}

/** The entries beside the graph: what the model needs at least, and what its author says of it. */
async function addMetadata(entry: Entry, model: TfliteModel, attributes: AttributeList): Promise<Problem[]> {
  try {
    const minimum = model.metadata.get(shortEntries[0] ?? '');
    const version = minimum && (await textOf(entry, minimum));
    if (version)
      attributes.add('mlbom:model:portability', `TensorFlow Lite >= ${version}`, 'min_runtime_version');
    const range = model.metadata.get('TFLITE_METADATA');
    if (!range) return [];
    const metadata = await readTfliteMetadata(entry, range);
    const at = 'TFLITE_METADATA';
    attributes.add('name', metadata.name, at);
    attributes.add('description', metadata.description, at);
    attributes.add('version', metadata.version, at);
    attributes.add('authors', metadata.author.trim() === '' ? [] : [{ name: metadata.author }], at);
    attributes.add(
      'license',
      metadata.license.trim() === '' ? undefined : { license: firstLine(metadata.license) },
      at,
    );
    for (const file of metadata.files.slice(0, most))
      attributes.add('mlbom:model:header', `file=${file}`, at);
    return [];
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_UNREADABLE') throw error;
    return [
      incomplete(
        error.rule ?? 'tflite-metadata',
        entry.path,
        `flatbuffer-models: metadata: ${error.message}`,
      ),
    ];
  }
}

/** Padded with NULs to 16 bytes. */
async function textOf(entry: Entry, range: ByteRange): Promise<string> {
  const bytes = await entry.read({
    offset: range.offset,
    length: Math.min(range.length, limits.provenanceText),
  });
  const end = bytes.indexOf(0);
  return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end), 'tflite');
}

/** Some put the whole text of the licence there. */
function firstLine(license: string): string {
  return shortened(license.trim().split('\n')[0] ?? '', limits.provenanceText);
}

function operatorFindings({ path }: Entry, { customOperators }: TfliteModel): Finding[] {
  const flex = customOperators.filter((name) => name.startsWith('Flex'));
  const files = flex.filter((name) => fileOperators.has(name.slice('Flex'.length)));
  const custom = customOperators.filter((name) => !name.startsWith('Flex'));
  return [
    ...files.slice(0, most).map((name) => finding(fileOperator, path, `It uses ${name}`, { symbol: name })),
    ...aboutAll(flexOperator, path, flex, 'operators of TensorFlow'),
    ...aboutAll(customOperator, path, custom, 'custom operators'),
  ];
}

/** One finding for all operators of a kind, as they come from one library. */
function aboutAll(
  rule: typeof flexOperator,
  path: string,
  names: readonly string[],
  what: string,
): Finding[] {
  if (names.length === 0) return [];
  const listed = names.slice(0, 8).map((name) => shortened(name, 80));
  const more = names.length > listed.length ? ` and ${names.length - listed.length} more` : '';
  return [finding(rule, path, `It uses ${what}: ${listed.join(', ')}${more}`, { symbol: listed.join(', ') })];
}
