import { spawn } from 'node:child_process';
import { parse } from 'node:path';
import { MlbomError } from '../../core/errors.ts';
import { parseJsonObject } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import type { Credentials, Environment } from './credentials.ts';

/**
 * Asks `docker-credential-<name> get` (github.com/docker/docker-credential-helpers): the server's name on its standard
 * input, `{ServerURL, Username, Secret}` on its standard output. It is started without a shell, in the root directory, so
 * that no relative part of PATH leads into what is being scanned.
 * @param file the configuration that names it, for messages
 * @throws MlbomError `E_CONFIG` when it cannot be asked or fails; undefined when it has nothing for the server
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  file: string,
  env: Environment,
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    throw new MlbomError('E_CONFIG', `${file}: the name of its credential helper is not one`, {
      subject: file,
      rule: 'credential-helper',
      next: 'name one by letters, digits, and . _ - alone',
    });
  }
  const program = `docker-credential-${name}`;
  const { status, output } = await run(program, server, file, env);
  if (status !== 0) {
    if (/credentials not found/i.test(output)) return undefined;
    throw failed(program, file, `it failed (${status ?? 'killed'})`);
  }
  try {
    const answer = parseJsonObject(output, { subject: program });
    const [username, secret] = [textAt(answer, 'Username'), textAt(answer, 'Secret')];
    if (secret === undefined) return undefined;
    if (username === '<token>') return { kind: 'identity-token', token: secret };
    return username === undefined ? undefined : { kind: 'password', username, password: secret };
  } catch {
    // The parser's message would quote the answer.
    throw failed(program, file, 'its answer is not the JSON of credentials');
  }
}

/** Milliseconds; helpers may ask the user to unlock a key ring. */
const helperTimeout = 60_000;
const helperAnswer = 64 * 1024;

function run(
  program: string,
  server: string,
  file: string,
  env: Environment,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      shell: false,
      cwd: parse(process.cwd()).root,
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: helperTimeout,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    const parts: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= helperAnswer) parts.push(part);
      else child.kill('SIGKILL');
    });
    child.on('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT';
      reject(failed(program, file, isMissing ? 'it is not installed' : 'it cannot be started'));
    });
    child.on('close', (status) => {
      resolve({ status, output: Buffer.concat(parts).toString('utf8') });
    });
    // A helper that does not read ends the pipe: its status tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(server);
  });
}

function failed(program: string, file: string, why: string): MlbomError {
  return new MlbomError('E_CONFIG', `${program}, which ${file} names for credentials: ${why}`, {
    subject: file,
    rule: 'credential-helper',
    next: 'repair the helper, or set DOCKER_CONFIG to a directory without it',
  });
}
