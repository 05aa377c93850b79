import type { FileCollector } from '../core/collector.ts';
import { gguf } from './gguf/index.ts';
import { modelCard } from './model-card/index.ts';
import { onnx } from './onnx/index.ts';
import { peft } from './peft/index.ts';
import { safetensors } from './safetensors/index.ts';
import { transformers } from './transformers/index.ts';

/** Every collector of files, in the order in which they are offered an entry. */
export const fileCollectors: readonly FileCollector[] = [
  gguf,
  modelCard,
  onnx,
  peft,
  safetensors,
  transformers,
];
