import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for the tests of one file, removed after them; its real path, without links. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-interop-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  return directory;
}
