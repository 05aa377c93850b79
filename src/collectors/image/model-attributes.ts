import { dtypeName } from '../../core/dtype.ts';
import type { Fact, Relation } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { parameterCount } from '../../core/parameter-count.ts';
import { shortened } from '../../core/shortened.ts';
import type { AttributeList } from '../attributes.ts';

/** What is said of the whole artifact. */
export function artifactFact(
  type: Fact['type'],
  attributes: AttributeList,
  relations: readonly Relation[] = [],
): Fact {
  return { about: { kind: 'directory', path: '.' }, type, attributes: attributes.list, relations };
}

/** Formats by the names that the readers of weights give them. */
const formats = new Set(['gguf', 'onnx', 'safetensors']);
/** Kinds of networks, not the names that weights have for their architecture: they contradict none. */
const kinds = new Set(['transformer', 'transformers', 'cnn', 'rnn', 'diffusion', 'moe', 'ssm', 'other']);

/** Adds what configurations say of the weights; a value that no reader of weights would give stands as `key=value`. */
export function addWeights(
  attributes: AttributeList,
  at: (field: string) => string,
  said: {
    readonly format?: string | undefined;
    readonly architecture?: string | undefined;
    readonly parameters?: string | undefined;
    readonly quantization?: string | undefined;
    readonly precision?: string | undefined;
  },
): void {
  const format = said.format?.toLowerCase();
  if (format !== undefined && formats.has(format)) attributes.add('mlbom:model:format', format, at('format'));
  else addHeader(attributes, 'format', said.format, at('format'));
  const isKind = kinds.has(said.architecture?.toLowerCase() ?? '');
  if (isKind) addHeader(attributes, 'architecture', said.architecture, at('architecture'));
  else if (/ForC|ForS|Model$|LM/.test(said.architecture ?? ''))
    attributes.add('modelArchitecture', said.architecture, at('architecture'));
  else attributes.add('architectureFamily', said.architecture, at('architecture'));
  const count = parameterCount(said.parameters);
  if (count !== undefined) attributes.add('mlbom:model:parameters', count, at('parameters'));
  else addHeader(attributes, 'parameters', said.parameters, at('parameters'));
  attributes.add('mlbom:model:quantization', quantizationName(said.quantization), at('quantization'));
  const dtype = said.precision === undefined ? undefined : dtypeName(said.precision);
  if (dtype !== undefined && /^(?:B?F|I|U)\d+$|^F8_/.test(dtype))
    attributes.add('mlbom:model:dtype', dtype, at('precision'));
  else addHeader(attributes, 'precision', said.precision, at('precision'));
}

/** A value that an auditor may ask for, and that no attribute holds. */
export function addHeader(
  attributes: AttributeList,
  key: string,
  value: string | undefined,
  at?: string,
): void {
  if (value === undefined || value.trim() === '') return;
  attributes.add('mlbom:model:header', `${key}=${shortened(value, limits.provenanceText)}`, at);
}

/** llama.cpp once wrote `MOSTLY_Q4_K_M`, and Docker `IQ2_XXS/Q4_K_M` where the tensors differ. */
function quantizationName(text: string | undefined): string | undefined {
  const name = text?.trim().replace(/^MOSTLY_/i, '');
  return name !== undefined && /^(?:unknown|none|)$/i.test(name) ? undefined : name;
}
