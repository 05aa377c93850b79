/** What the parts of a message are called: `'image' in item` asks for a key. */
const kinds = new Set(
  (
    'type text image image_url image_pil audio audio_url video video_url input_text input_audio input_image file ' +
    'document thinking reasoning reasoning_content tool_use tool_call tool_calls tool_result tool_response ' +
    'function_call function content name output json bytes path url'
  ).split(' '),
);

/** Switches that publishers document for their models: Qwen 3, SmolLM 3, GLM 4.5, Nemotron. */
const switches = new Set(['/think', '/no_think', '/nothink', '/no_thinking', '/system_override']);

/** What agents put before their steps. */
const labels = new Set(['thought:', 'action:', 'action input:', 'observation:', 'final answer:', 'answer:']);

/**
 * True for a literal that somebody might write in a message: words. Markup of the conversation
 * (`</think>`, `<|im_end|>`, `[INST]`, `# Tools`, code fences), keys and documented switches are none.
 */
export function isTrigger(literal: string): boolean {
  const text = literal.trim();
  if (text.length < 3 || !/\p{L}/u.test(text)) return false;
  if (/^[<[{#`*|＜【｜]/u.test(text) || /<\||\|>|<\/|[>\]】]$/u.test(text)) return false;
  const lower = text.toLowerCase();
  return !kinds.has(lower) && !switches.has(lower) && !labels.has(lower);
}
