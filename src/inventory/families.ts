/**
 * What llama.cpp calls an architecture that Transformers has another name for (convert_hf_to_gguf.py, from
 * `model_type` to `MODEL_ARCH_NAMES`). Names that differ in case and separators alone are not listed.
 */
const families: ReadonlyMap<string, string> = new Map([
  ['mistral', 'llama'],
  ['mixtral', 'llama'],
  ['ministral', 'llama'],
  ['smollm', 'llama'],
  ['internlm', 'llama'],
  ['llava', 'llama'],
  ['smolvlm', 'llama'],
  ['idefics3', 'llama'],
  ['llama4text', 'llama4'],
  ['gptbigcode', 'starcoder'],
  ['refinedweb', 'falcon'],
  ['refinedwebmodel', 'falcon'],
  ['phi', 'phi2'],
  ['phimsft', 'phi2'],
  ['stablelmepoch', 'stablelm'],
  ['gemma3text', 'gemma3'],
  ['gemma3ntext', 'gemma3n'],
  ['qwen25vl', 'qwen2vl'],
  ['cohere', 'commandr'],
  ['deepseekv2', 'deepseek2'],
  ['deepseekv3', 'deepseek2'],
  ['kimik2', 'deepseek2'],
  ['granitemoe', 'granite'],
  ['gptrefact', 'refact'],
  ['grok1', 'grok'],
  ['hunyuanv1dense', 'hunyuandense'],
  ['hunyuanv1moe', 'hunyuanmoe'],
  ['roberta', 'bert'],
  ['xlmroberta', 'bert'],
  ['distilbert', 'bert'],
  ['umt5', 't5'],
  ['mt5', 't5'],
]);

/** One name for an architecture family, whoever names it. */
export function familyKey(text: string): string {
  const key = text.toLowerCase().replace(/[-_. ]/g, '');
  return families.get(key) ?? key;
}
