import type { Fact } from '../../core/fact.ts';
import { parseJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { MlbomError } from '../../core/errors.ts';
import type { ModelScheme } from '../../formats/oci/model-artifact.ts';
import { dockerModelFact } from './docker-model.ts';
import { kitfileFacts } from './kitfile.ts';
import { modelPackFact } from './model-pack.ts';
import { ollamaConfigFact } from './ollama-config.ts';

/** Facts from a configuration: `source` is what names it in evidence. */
export type ConfigReader = (config: JsonObject, source: string) => readonly Fact[];

const readers: Readonly<Partial<Record<ModelScheme, ConfigReader>>> = {
  modelpack: modelPackFact,
  'docker-ai': dockerModelFact,
  kitops: kitfileFacts,
  ollama: ollamaConfigFact,
};

/**
 * What the configuration of a model artifact says of the model, under the names that the readers of weights use, so
 * that the inventory sees where it contradicts the bytes. ORAS has no configuration that says anything.
 * @param source what the facts name as their source: the digest of the configuration
 * @throws MlbomError `E_MALFORMED` for what is no JSON object, `E_LIMIT`
 */
export function modelArtifactFacts(scheme: ModelScheme, bytes: Uint8Array, source: string): readonly Fact[] {
  const reader = readers[scheme];
  return reader ? reader(readModelConfig(bytes, source), source) : [];
}

/**
 * The configuration of a model artifact as JSON.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export function readModelConfig(bytes: Uint8Array, source: string): JsonObject {
  if (bytes.length <= limits.imageManifestBytes) return parseJsonObject(bytes, { subject: source });
  throw new MlbomError('E_LIMIT', `${source}: larger than ${limits.imageManifestBytes} bytes`, {
    subject: source,
    rule: 'model-config-bytes',
  });
}
