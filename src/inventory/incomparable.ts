import type { Attribute, AttributeName } from '../core/fact.ts';

/** Element types in which one element is one parameter, as it was trained. */
const plainTypes = new Set(['F64', 'F32', 'F16', 'BF16']);

/**
 * Attributes on which weights say nothing against a card: the element type, where values are packed or the format is
 * not the one that `config.json` describes; and the number of parameters, where one element holds several of them.
 */
export function incomparableFor(statements: readonly Attribute[]): ReadonlySet<AttributeName> {
  const said = statements.filter(({ name }) => name === 'mlbom:model:format');
  // What the bytes are decides, whatever a configuration calls it.
  const observed = said.filter(({ evidence }) => evidence.basis === 'observed');
  const formats = (observed.length > 0 ? observed : said).map(({ value }) => value);
  const isSafetensors = formats.every((format) => format === 'safetensors');
  const isQuantized = statements.some(
    ({ name, value, evidence }) =>
      (name === 'mlbom:model:quantization' && !plainTypes.has(value)) ||
      (name === 'mlbom:model:dtype' && evidence.basis === 'observed' && /^[IU]\d/.test(value)),
  );
  const names = new Set<AttributeName>();
  if (!isSafetensors || isQuantized) names.add('mlbom:model:dtype');
  // GGUF counts elements before they are packed into blocks.
  if (isQuantized && !formats.includes('gguf')) names.add('mlbom:model:parameters');
  return names;
}
