import { flush, run } from '@oclif/core';
import { errorText, reportOf } from './base-command.ts';
import { envelope } from './envelope.ts';

/** Runs the command line. What no command catches (an unknown command, a broken flag before one) ends here. */
export async function main(args: string[], moduleUrl: string): Promise<void> {
  // A reader that has seen enough (`mlbom … | head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  try {
    await run(args, moduleUrl);
    await flush();
  } catch (error) {
    if (isHelpShown(error)) return;
    const { report, exit } = reportOf(error);
    if (args.includes('--json'))
      process.stdout.write(`${JSON.stringify(envelope('unknown', { problems: [report] }))}\n`);
    else process.stderr.write(`${errorText(report)}\n`);
    process.exitCode = exit;
  }
}

/** oclif ends `--help` by throwing an exit with code 0. */
function isHelpShown(error: unknown): boolean {
  return (
    error instanceof Error && 'oclif' in error && (error.oclif as { exit?: number } | undefined)?.exit === 0
  );
}
