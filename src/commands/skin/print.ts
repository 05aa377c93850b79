import { MlbomError, messageOf } from '../../core/errors.ts';

/**
 * Writes to stdout and waits: what is still buffered when the process ends is lost.
 * A reader that has seen enough (`mlbom … | head`) is no error, and changes no verdict.
 * @throws MlbomError `E_UNWRITABLE`
 */
export function print(text: string, stream: NodeJS.WritableStream = process.stdout): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || isBrokenPipe(error)) resolve();
      else reject(unwritable(error));
    });
  });
}

/**
 * Leaves errors of standard output to `print`. Without a listener they would end the process with a stack trace; the one
 * of oclif does just that for all but a closed pipe.
 */
export function surviveBrokenStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error').on('error', () => undefined);
  }
}

function isBrokenPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

function unwritable(cause: Error): MlbomError {
  return new MlbomError('E_UNWRITABLE', `standard output cannot be written (${messageOf(cause)})`, {
    subject: 'stdout',
    next: 'give the document a path: -o FORMAT=PATH',
    cause,
  });
}
