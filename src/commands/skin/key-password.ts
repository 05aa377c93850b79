import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MlbomError } from '../../core/errors.ts';

/**
 * The password of a key: from `MLBOM_KEY_PASSWORD`, or asked for on the terminal without showing it.
 * @throws MlbomError `E_KEY` where neither can be had
 */
export async function keyPassword(subject: string): Promise<string> {
  const given = process.env['MLBOM_KEY_PASSWORD'];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) {
    throw new MlbomError(
      'E_KEY',
      `${subject} is encrypted, and there is no terminal to ask for its password`,
      {
        subject,
        next: 'set MLBOM_KEY_PASSWORD',
      },
    );
  }
  return askHidden(`Password of ${subject}: `);
}

/** A new password, twice the same. Empty means none. */
export async function newPassword(): Promise<string> {
  const given = process.env['MLBOM_KEY_PASSWORD'];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) return '';
  const first = await askHidden('Password for the new key (empty for none): ');
  if (first !== '' && (await askHidden('Again: ')) !== first) {
    throw new MlbomError('E_KEY', 'the passwords differ', { next: 'try again' });
  }
  return first;
}

async function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const silent = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const interrupted = new AbortController();
  terminal.once('SIGINT', () => {
    interrupted.abort();
  });
  try {
    return await terminal.question('', { signal: interrupted.signal });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
