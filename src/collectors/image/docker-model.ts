import type { Fact } from '../../core/fact.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, textAt } from '../../core/json-access.ts';
import { attributesFrom } from '../attributes.ts';
import { addHeader, addWeights, artifactFact } from './model-attributes.ts';

/**
 * The configuration of Docker's models, 0.1 and 0.2: as its model runner writes it (pkg/distribution/types) and as
 * model-spec has it, with what the format says in an object of the format's name.
 */
export function dockerModelFact(config: JsonObject, source: string): readonly Fact[] {
  const attributes = attributesFrom(source, 'image');
  const format = textAt(config, 'config', 'format');
  const part = format === 'gguf' || format === 'safetensors' || format === 'diffusers' ? format : 'gguf';
  const said = (name: string, ...others: readonly string[]): string | undefined =>
    textAt(config, 'config', name) ??
    [name, ...others]
      .map((each) => textAt(config, 'config', part, each))
      .find((value) => value !== undefined);
  addWeights(attributes, (field) => `/config/${field}`, {
    format,
    architecture: said('architecture', 'general.architecture'),
    parameters: said('parameters', 'parameter_count'),
    quantization: said('quantization'),
  });
  attributes.add('name', textAt(config, 'config', 'gguf', 'general.name'), '/config/gguf/general.name');
  const context = numberAt(config, 'config', 'context_size');
  // What the runner allots, which may be less than the model was made for.
  addHeader(attributes, 'context_size', context === undefined ? undefined : String(context), '/config');
  attributes.add(
    'mlbom:model:format-version',
    textAt(config, 'config', 'format_version'),
    '/config/format_version',
  );
  const created = textAt(config, 'descriptor', 'created') ?? textAt(config, 'descriptor', 'createdAt');
  addHeader(attributes, 'createdAt', created, '/descriptor');
  return [artifactFact('machine-learning-model', attributes)];
}
