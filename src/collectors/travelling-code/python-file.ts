import { directoryOf, nameOf } from '../../core/path.ts';

const modelCode =
  /^(?:modeling|configuration|tokenization|processing|image_processing|video_processing|feature_extraction|generation|pipeline)_\w+\.py$/;
/** The file of a Diffusers pipeline, and that of `custom_generate` in Transformers. */
const pipelineFiles = new Set(['pipeline.py']);

/**
 * What runs the Python file at this path, by the names that libraries and servers look for: `load` with
 * trust_remote_code, `serve` without being asked. Undefined for any other file, and for the libraries themselves.
 */
export function runnerOf(path: string): 'load' | 'serve' | undefined {
  const name = nameOf(path);
  if (!name.endsWith('.py') || /(?:^|\/)(?:transformers|diffusers|optimum|tests?)\//.test(path))
    return undefined;
  const directory = nameOf(directoryOf(path));
  // Hugging Face endpoints, SageMaker (code/inference.py), Triton (a version's directory).
  if (name === 'handler.py') return 'serve';
  if (name === 'inference.py' && directory === 'code') return 'serve';
  if (name === 'model.py' && /^\d+$/.test(directory)) return 'serve';
  if (name === 'generate.py' && directory === 'custom_generate') return 'load';
  return modelCode.test(name) || pipelineFiles.has(name) ? 'load' : undefined;
}
