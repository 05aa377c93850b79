import type { Attribute, AttributeName } from '../core/fact.ts';

const plainTypes = new Set(['F64', 'F32', 'F16', 'BF16']);

/**
 * Attributes on which weights say nothing against a card: the element type, where values are packed or where the
 * format is not the one that `config.json` describes.
 */
export function incomparableFor(statements: readonly Attribute[]): ReadonlySet<AttributeName> {
  const packed = statements.some(
    ({ name, value }) =>
      (name === 'mlbom:model:format' && value !== 'safetensors') ||
      (name === 'mlbom:model:quantization' && !plainTypes.has(value)),
  );
  return new Set<AttributeName>(packed ? ['mlbom:model:dtype'] : []);
}
