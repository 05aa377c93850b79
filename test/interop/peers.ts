import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';

/** Another implementation, as a program that these tests run. */
export interface Peer {
  /** Runs it; rejects, with what it printed, when it does not exit with 0. */
  run(...args: string[]): Promise<string>;
}

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);

/** `MLBOM_INTEROP_REQUIRED=python,openssl`: the peers that are there, so that no test of them may be skipped. */
const required = (process.env['MLBOM_INTEROP_REQUIRED'] ?? '').split(',');

/**
 * A Python that can import all of these modules: `MLBOM_INTEROP_PYTHON`, the one of `.venv`, or the system's.
 * Make the second with `python3 -m venv .venv`, then
 * `.venv/bin/pip install --no-deps --only-binary :all: -r test/interop/requirements.txt`; PyTorch and scikit-learn are
 * Debian's (`python3-torch python3-joblib python3-sklearn`), TensorFlow is nobody's but yours.
 */
export function python(...modules: string[]): Peer | undefined {
  const given = process.env['MLBOM_INTEROP_PYTHON'];
  const files = [given ?? fileURLToPath(new URL('.venv/bin/python', root)), '/usr/bin/python3'];
  let why = `no Python at ${files[0] ?? ''}`;
  for (const file of files.filter((each) => existsSync(each))) {
    const { status, stderr } = spawnSync(file, ['-c', `import ${modules.join(', ')}`], { encoding: 'utf8' });
    if (status === 0) return peer(file);
    why = stderr.trim().split('\n').at(-1) ?? '';
  }
  const large = modules.find((module) => module === 'torch' || module === 'tensorflow');
  return absent(large ?? 'python', `${modules.join(', ')}: ${why}`);
}

export function openssl(): Peer | undefined {
  const { stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  // Null where there is no such program.
  if ((stdout as string | null)?.startsWith('OpenSSL 3')) return peer('openssl');
  return absent('openssl', 'no OpenSSL 3');
}

export function cosign(): Peer | undefined {
  return spawnSync('cosign', ['version']).status === 0 ? peer('cosign') : absent('cosign', 'no cosign');
}

export function dpkgQuery(): Peer | undefined {
  return spawnSync('dpkg-query', ['--version']).status === 0
    ? peer('dpkg-query')
    : absent('dpkg-query', 'no dpkg-query');
}

/** Tests against a peer; skipped where it is absent, after `absent` has said why. */
export function describeWith(name: string, peer: Peer | undefined, tests: (peer: Peer) => void): void {
  if (peer === undefined) {
    test.skip(name);
    return;
  }
  describe(name, () => {
    tests(peer);
  });
}

/** What a script of `python/` prints about a file, parsed. */
export async function readWith<T>(peer: Peer, script: string, path: string): Promise<T> {
  return JSON.parse(await peer.run(pythonScript(script), path)) as T;
}

/** Path of a script of `python/`. */
export function pythonScript(name: string): string {
  return fileURLToPath(new URL(`python/${name}.py`, import.meta.url));
}

function peer(file: string): Peer {
  return {
    async run(...args) {
      const { stdout } = await run(file, args, { maxBuffer: 2 ** 28, timeout: 100_000 });
      return stdout;
    },
  };
}

function absent(name: string, why: string): Peer | undefined {
  if (required.includes(name)) throw new Error(`${name} is required: ${why}`);
  console.log(`skipped: ${why}`);
  return undefined;
}
