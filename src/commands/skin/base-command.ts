import { Command, Flags } from '@oclif/core';
import { isMlbomError, messageOf, MlbomError } from '../../core/errors.ts';
import { plainText } from '../../reports/plain-text.ts';
import { envelope, type Envelope, type ErrorReport } from './envelope.ts';
import { exitCodeOfError, exitCodes } from './exit-codes.ts';

/** What all commands share: `--json`, `--quiet`, interruption, and one way to fail. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({
      description: 'Print one JSON result on stdout, and no words',
      helpGroup: 'GLOBAL',
    }),
    quiet: Flags.boolean({ description: 'Print no words and no progress', helpGroup: 'GLOBAL' }),
  };

  readonly #controller = new AbortController();

  /** Aborted by Ctrl-C and SIGTERM. */
  protected get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs the command's work and exits with the code that it returns. */
  protected async finish(work: () => Promise<number>): Promise<void> {
    const interrupt = (): void => {
      // A second signal ends the process at once, by its default.
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      this.#controller.abort();
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    try {
      process.exitCode = await work();
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    }
  }

  /** Words go to stderr; documents own stdout. */
  protected say(words: string): void {
    process.stderr.write(`${words}\n`);
  }

  protected printEnvelope(result: Envelope): void {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    await Promise.resolve();
    const { report, exit } = reportOf(error);
    if (process.argv.includes('--json')) {
      this.printEnvelope(envelope(exit === exitCodes.no ? 'fail' : 'unknown', { problems: [report] }));
    } else {
      this.say(errorText(report));
      if (exit === exitCodes.internal) this.say(error.stack ?? '');
    }
    process.exitCode = exit;
  }
}

/** What went wrong, what it is about, and what to do next. */
export function errorText({ code, message, next }: ErrorReport): string {
  return `Error: ${plainText(message)} [${code}]${next === undefined ? '' : `\nTry this: ${plainText(next)}`}`;
}

/** Any error as one of ours, with its exit code. The parser's own are all about usage. */
export function reportOf(error: unknown): { report: ErrorReport; exit: number } {
  if (isMlbomError(error)) return { report: describe(error), exit: exitCodeOfError(error.code) };
  if (isAborted(error))
    return { report: { code: 'E_ABORTED', message: 'interrupted' }, exit: exitCodes.interrupted };
  if (isParserError(error)) {
    const [message = '', ...rest] = messageOf(error).split('\n');
    const next = rest
      .join(' ')
      .replace(/See more help with --help/, '')
      .trim();
    return {
      report: { code: 'E_USAGE', message, next: next || 'see --help for the flags of this command' },
      exit: exitCodes.usage,
    };
  }
  return { report: { code: 'E_INTERNAL', message: messageOf(error) }, exit: exitCodes.internal };
}

function describe({ code, message, subject, next }: MlbomError): ErrorReport {
  return {
    code,
    message,
    ...(subject === undefined ? {} : { subject }),
    ...(next === undefined ? {} : { next }),
  };
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** oclif's errors carry the exit code that it would use. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && 'oclif' in error;
}
