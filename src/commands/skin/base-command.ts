import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import type { Envelope } from './envelope.ts';
import { exitCodes } from './exit-codes.ts';
import { fail } from './failure.ts';
import { print, surviveBrokenStreams } from './print.ts';

/** Milliseconds that an interrupted command has to clean up: a read from a dead mount or a terminal never ends. */
const grace = 2000;

/** Whoever closes the terminal does not want private copies to stay either. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
    surviveBrokenStreams();
    const interrupt = (): void => {
      // A second signal does not wait.
      if (this.signal.aborted) process.exit(exitCodes.interrupted);
      this.#controller.abort();
      setTimeout(() => process.exit(exitCodes.interrupted), grace).unref();
    };
    for (const name of endings) process.on(name, interrupt);
    try {
      const exit = await work();
      // Work that never yields hears of a signal only now.
      await new Promise((resolve) => setImmediate(resolve));
      process.exitCode = this.signal.aborted ? exitCodes.interrupted : exit;
    } finally {
      for (const name of endings) process.off(name, interrupt);
    }
  }

  /** Words go to stderr; documents own stdout. */
  protected say(words: string): void {
    process.stderr.write(`${words}\n`);
  }

  protected async printEnvelope(result: Envelope): Promise<void> {
    await print(`${JSON.stringify(result)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    await fail(error, this.argv);
  }
}
