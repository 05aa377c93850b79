import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Entry, Excluded } from '../../src/core/entry.ts';
import type { Problem } from '../../src/core/problem.ts';

/** A directory that is gone after the test, with these files in it. */
export function temporaryDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mlbom-store-')));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

/** One line for everything found: `path`, `path -> link`, `path !code` or `path (excluded)`. */
export function summaryOf(found: Entry | Problem | Excluded): string {
  if (found.kind === 'problem') return `${found.path} !${found.code}`;
  if (found.kind === 'excluded') return `${found.path} (excluded)`;
  return found.link === undefined ? found.path : `${found.path} -> ${found.link}`;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
