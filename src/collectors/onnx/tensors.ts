import { dtypeName } from '../../core/dtype.ts';
import { MlbomError } from '../../core/errors.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { siblingOf } from '../../core/path.ts';
import type { OnnxContents, OnnxModel, OnnxTensor } from '../../formats/onnx.ts';

/** ONNX Runtime's mark for data that is in memory already; the offset is then an address. It has no place in a file. */
const memoryAddress = '*/_ORT_MEM_ADDR_/*';

export interface DeclaredTensors {
  readonly tensors: DeclaredTensor[];
  /** Locations of external data outside the model's directory, with the first tensor that lies there. */
  readonly escaping: ReadonlyMap<string, string>;
  /** Tensors whose data is said to lie at an address in memory. */
  readonly inMemory: readonly string[];
}

/**
 * Every tensor that the model stores, those of inner graphs and of `Constant` nodes too: some exporters keep the
 * weights there.
 */
export function declaredTensors(model: OnnxModel, path: string): DeclaredTensors {
  const escaping = new Map<string, string>();
  const inMemory: string[] = [];
  const tensors = [model.graph, ...model.functions, ...model.training]
    .flatMap(storedTensors)
    .map((tensor) => {
      const { name, data } = tensor;
      if (data.kind === 'external' && data.location === memoryAddress) inMemory.push(name);
      else if (data.kind === 'external' && data.escapes && !escaping.has(data.location)) {
        escaping.set(data.location, name);
      }
      return declaredTensor(tensor, path);
    });
  return { tensors, escaping, inMemory };
}

function storedTensors(contents: OnnxContents): OnnxTensor[] {
  return [
    ...contents.initializers,
    ...contents.nestedInitializers,
    ...contents.constants,
    ...contents.sparseTensors.map((sparse) => sparse.values),
  ];
}

function declaredTensor({ name, dtype, shape, data }: OnnxTensor, path: string): DeclaredTensor {
  const tensor = { name, dtype: dtypeName(dtype), shape };
  if (data.kind === 'raw') return { ...tensor, offset: data.offset, length: data.length };
  if (data.kind !== 'external' || data.escapes || data.location === memoryAddress)
    return { ...tensor, offset: 0, length: 0 };
  const location = siblingOf(path, normalized(data.location));
  return { ...tensor, path: location, offset: data.offset ?? 0, length: data.needs };
}

/** `./weights//a` names the file `weights/a`; what leaves the directory is told before. */
function normalized(location: string): string {
  return location
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

/**
 * The files beside the model that it needs, with the bytes that must be in them, sorted.
 * @throws MlbomError `E_LIMIT` for more files than any model is split into
 */
export function externalFiles(tensors: readonly DeclaredTensor[]): [path: string, bytes: number][] {
  const files = new Map<string, number>();
  for (const { path, offset, length } of tensors) {
    if (path !== undefined) files.set(path, Math.max(files.get(path) ?? 0, offset + length));
  }
  if (files.size > limits.shards) {
    throw new MlbomError('E_LIMIT', `external data in ${files.size} files`, { rule: 'onnx-external-files' });
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}
