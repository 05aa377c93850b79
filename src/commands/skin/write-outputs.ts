import { sha256 } from '../../core/digest.ts';
import { writeAtomically } from '../../operations/write-atomically.ts';
import type { Output } from './envelope.ts';

/** A document with where it goes; to stdout without a path. */
export interface Document {
  readonly format: string;
  readonly path?: string;
  readonly content: string;
}

/** Writes documents: files first, then the one for stdout. What went to files is returned. */
export async function writeOutputs(documents: readonly Document[]): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const { format, path, content } of documents) {
    if (path === undefined) continue;
    await writeAtomically(path, content);
    outputs.push({ format, path, sha256: sha256(content) });
  }
  for (const { path, content } of documents) if (path === undefined) await print(content);
  return outputs;
}

/** Waits for a slow reader: what is still buffered when the process ends is lost. */
function print(content: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
