import { once } from 'node:events';
import { mkdirSync, openSync, ftruncateSync, closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startMlbom, temporaryDirectory } from './mlbom.ts';

/** A file of 16 GiB that takes no room: its hashing outlasts the test. */
function hugeModel(): string {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, 'model'));
  const file = openSync(join(cwd, 'model/weights.bin'), 'w');
  ftruncateSync(file, 16 * 1024 ** 3);
  closeSync(file);
  return cwd;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends the hashing with 130 and leaves no file behind', async () => {
    const cwd = hugeModel();
    const child = startMlbom(['generate', 'model', '-o', 'cyclonedx-json=bom.json'], { cwd });
    let stderr = '';
    child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
    await setTimeout(1500);
    expect(child.exitCode).toBeNull();
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(130);
    expect(stderr).toContain('[E_ABORTED]');
    expect(readdirSync(cwd)).toEqual(['model']);
  });
});

it('ends a command that waits for its standard input', async () => {
  const child = startMlbom(['validate', '-', '--json']);
  await setTimeout(1000);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(130);
});
