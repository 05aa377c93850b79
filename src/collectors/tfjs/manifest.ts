import type { ByteRange } from '../../core/entry.ts';
import { dtypeName } from '../../core/dtype.ts';
import { MlbomError } from '../../core/errors.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { isObject, type JsonValue } from '../../core/json.ts';
import { isCount, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { siblingOf } from '../../core/path.ts';
import { elementCount } from '../../formats/element-count.ts';
import { leavesDirectory } from '../../formats/leaves-directory.ts';

/** The weights of one TensorFlow.js model, and the files beside the manifest that hold them. */
export interface TfjsWeights {
  readonly tensors: readonly DeclaredTensor[];
  /** With the bytes that must be in each, where the manifest says so much. */
  readonly files: ReadonlyMap<string, number>;
  /** Paths that lead out of the directory. */
  readonly escaping: readonly string[];
  /** `uint8`: the types that weights are stored in where they are quantized. */
  readonly quantizations: ReadonlySet<string>;
}

/** Bytes of one element; strings have any length. */
const elementBytes: ReadonlyMap<string, number> = new Map([
  ['float32', 4],
  ['int32', 4],
  ['complex64', 8],
  ['bool', 1],
  ['float16', 2],
  ['uint8', 1],
  ['uint16', 2],
]);

/**
 * Reads a weights manifest: groups of weights, each laid one after the other over the files of its group
 * (`WeightsManifestConfig` of tfjs-core/src/io/types.ts). Where a group has several files, the manifest does not say
 * where one ends, so that no range can be given for a tensor.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export function readManifest(manifest: JsonValue | undefined, path: string): TfjsWeights {
  if (!Array.isArray(manifest)) throw malformed('the weights manifest is not a list');
  const tensors: DeclaredTensor[] = [];
  const files = new Map<string, number>();
  const escaping: string[] = [];
  const quantizations = new Set<string>();
  for (const group of manifest) {
    const names = fileNames(group);
    const safe = names.filter((name) => !leavesDirectory(name));
    escaping.push(...names.filter((name) => leavesDirectory(name)));
    const only = names.length === 1 ? safe[0] : undefined;
    const place = only === undefined ? undefined : siblingOf(path, only);
    let offset: number | undefined = 0;
    for (const weight of weightsOf(group)) {
      const { tensor, length, stored } = readWeight(weight);
      if (tensors.length >= limits.tensorsPerFile)
        throw tooMuch(`more than ${limits.tensorsPerFile} weights`);
      if (stored !== undefined) quantizations.add(stored);
      const range: ByteRange | undefined =
        offset === undefined || length === undefined ? undefined : { offset, length };
      const known = place !== undefined && range !== undefined;
      tensors.push(known ? { ...tensor, path: place, ...range } : { ...tensor, offset: 0, length: 0 });
      offset = range && range.offset + range.length;
    }
    for (const name of safe) files.set(siblingOf(path, name), only === undefined ? 0 : (offset ?? 0));
  }
  if (files.size > limits.shards) throw tooMuch(`${files.size} files`);
  return { tensors, files, escaping, quantizations };
}

function fileNames(group: JsonValue): string[] {
  const paths = valueAt(group, 'paths');
  if (Array.isArray(paths) && paths.every((name) => typeof name === 'string' && name !== ''))
    return paths as string[];
  throw malformed('a group of weights without paths');
}

function weightsOf(group: JsonValue): readonly JsonValue[] {
  const weights = valueAt(group, 'weights');
  if (Array.isArray(weights)) return weights as JsonValue[];
  throw malformed('a group of paths without weights');
}

function readWeight(weight: JsonValue): {
  tensor: Pick<DeclaredTensor, 'name' | 'dtype' | 'shape'>;
  length: number | undefined;
  stored: string | undefined;
} {
  if (!isObject(weight)) throw malformed('a weight is not an object');
  const name = textAt(weight, 'name');
  const dtype = textAt(weight, 'dtype');
  const { shape } = weight;
  if (name === undefined || dtype === undefined) throw malformed('a weight without a name or a type');
  if (!Array.isArray(shape) || !shape.every(isCount)) throw malformed(`the shape of ${name.slice(0, 80)}`);
  if (shape.length > limits.tensorDimensions) throw tooMuch(`${shape.length} dimensions`);
  const elements = elementCount(shape);
  if (elements === undefined) throw malformed(`${name.slice(0, 80)} is larger than any file`);
  const stored = textAt(weight, 'quantization', 'dtype');
  const bytes = elementBytes.get(stored ?? dtype);
  const length = bytes === undefined ? undefined : elements * bytes;
  if (length !== undefined && !Number.isSafeInteger(length))
    throw malformed(`${name.slice(0, 80)} is larger than any file`);
  return { tensor: { name, dtype: dtypeName(stored ?? dtype), shape }, length, stored };
}

function malformed(message: string): MlbomError {
  return new MlbomError('E_MALFORMED', `tfjs: ${message}`, { rule: 'tfjs-manifest' });
}

function tooMuch(message: string): MlbomError {
  return new MlbomError('E_LIMIT', `tfjs: ${message}`, { rule: 'tfjs-limit' });
}
