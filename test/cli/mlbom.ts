import { spawn, spawnSync, type ChildProcess, type SpawnSyncOptions } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Envelope } from '../../src/commands/skin/envelope.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The command line as users run it, from the build. */
export const cli = join(root, 'bin/run.js');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions extends Pick<SpawnSyncOptions, 'cwd' | 'uid' | 'gid'> {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** Runs `mlbom` to its end; standard input is empty, and no variable of the caller reaches it but those named. */
export function mlbom(args: readonly string[], { env = {}, input = '', ...rest }: RunOptions = {}): Run {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [cli, ...args], {
    ...rest,
    env: environment(env),
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** As `mlbom`, and the one result that `--json` prints. */
export function mlbomJson(args: readonly string[], options: RunOptions = {}): Run & { result: Envelope } {
  const run = mlbom(args.toSpliced(1, 0, '--json'), options);
  return { ...run, result: JSON.parse(run.stdout) as Envelope };
}

/** Starts `mlbom` and does not wait. */
export function startMlbom(args: readonly string[], { env = {}, ...rest }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [cli, ...args], { ...rest, env: environment(env), stdio: 'pipe' });
}

/** A shell command in which `"$@"` is `mlbom`. */
export function shell(command: string, { env = {}, ...rest }: RunOptions = {}): Run {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-o', 'pipefail', '-c', command, 'bash', process.execPath, cli],
    { ...rest, env: environment(env), encoding: 'utf8', input: '' },
  );
  return { status, stdout, stderr };
}

/** A directory that the caller removes. */
export function newDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'mlbom-cli-')));
}

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = newDirectory();
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', HOME = tmpdir() } = process.env;
  return { PATH, HOME, SOURCE_DATE_EPOCH: '1767225600', ...env };
}
