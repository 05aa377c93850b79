import { resolve } from 'node:path';
import { sha256 } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import { writeAtomically } from '../../operations/write-atomically.ts';
import type { Output } from './envelope.ts';
import type { OutputRequest } from './output-flag.ts';
import { print } from './print.ts';

/** A document with where it goes; to stdout without a path. */
export interface Document extends OutputRequest {
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

/**
 * One of two documents with the same path would be lost.
 * @throws MlbomError `E_USAGE`
 */
export function assertDistinct(requests: readonly OutputRequest[]): void {
  const seen = new Set<string>();
  for (const { path } of requests) {
    if (path === undefined) continue;
    if (seen.has(resolve(path))) {
      throw new MlbomError('E_USAGE', `two documents would go to ${path}`, {
        subject: path,
        next: 'give each its own path',
      });
    }
    seen.add(resolve(path));
  }
}
