import type { Fact, Relation } from '../../core/fact.ts';
import { modelTarget } from '../../core/hub.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, textAt, textsAt } from '../../core/json-access.ts';
import { attributesFrom } from '../attributes.ts';
import { addHeader, addWeights, artifactFact } from './model-attributes.ts';

/** The configuration of a model of Ollama (its types/model/config.go, ConfigV2). */
export function ollamaConfigFact(config: JsonObject, source: string): readonly Fact[] {
  const attributes = attributesFrom(source, 'image');
  addWeights(attributes, (field) => `/${names[field] ?? field}`, {
    format: textAt(config, 'model_format'),
    architecture: textAt(config, 'model_family'),
    parameters: textAt(config, 'model_type'),
    quantization: textAt(config, 'file_type'),
  });
  attributes.add('mlbom:model:library', 'ollama');
  for (const [name, key] of [
    ['mlbom:model:context-length', 'context_length'],
    ['mlbom:model:embedding-length', 'embedding_length'],
  ] as const) {
    const value = numberAt(config, key);
    attributes.add(name, value !== undefined && value > 0 ? String(value) : undefined, `/${key}`);
  }
  addHeader(
    attributes,
    'capabilities',
    textsAt(config, 'capabilities').slice(0, 64).join(','),
    '/capabilities',
  );
  for (const key of ['renderer', 'parser', 'requires'])
    addHeader(attributes, key, textAt(config, key), `/${key}`);
  // Weights that are elsewhere: the server of this model passes everything on to another one.
  const remote = textAt(config, 'remote_model');
  if (remote !== undefined) addHeader(attributes, 'remote_model', remote, '/remote_model');
  const base = textAt(config, 'base_name');
  const evidence = attributes.evidence('/base_name');
  const relations: Relation[] =
    base === undefined ? [] : [{ type: 'base-model', how: 'unspecified', to: modelTarget(base), evidence }];
  return [artifactFact('machine-learning-model', attributes, relations)];
}

const names: Readonly<Record<string, string>> = {
  architecture: 'model_family',
  format: 'model_format',
  parameters: 'model_type',
  quantization: 'file_type',
};
