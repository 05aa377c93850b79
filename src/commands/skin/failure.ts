import { stripVTControlCharacters } from 'node:util';
import { isMlbomError, messageOf, type MlbomError } from '../../core/errors.ts';
import { plainText } from '../../reports/plain-text.ts';
import { envelope, type ErrorReport } from './envelope.ts';
import { exitCodeOfError, exitCodes } from './exit-codes.ts';
import { print } from './print.ts';

/** Tells what went wrong, in the form that was asked for, and sets the exit code. */
export async function fail(error: unknown, args: readonly string[]): Promise<void> {
  const { report, exit } = reportOf(error);
  process.exitCode = exit;
  if (asksForJson(args)) {
    const verdict = exit === exitCodes.no ? 'fail' : 'unknown';
    await print(`${JSON.stringify(envelope(verdict, { problems: [report] }))}\n`).catch(() => undefined);
    return;
  }
  const trace = exit === exitCodes.internal && error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const lines = [errorText(report), ...trace.map((line) => plainText(line))];
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** Before anything is parsed, and where nothing can be. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).includes('--json');
}

/** What went wrong, what it is about, and what to do next. */
export function errorText({ code, message, next }: ErrorReport): string {
  return `Error: ${plainText(message)} [${code}]${next === undefined ? '' : `\nTry this: ${plainText(next)}`}`;
}

/** Any error as one of ours, with its exit code. The parser's own are all about usage. */
export function reportOf(error: unknown): { report: ErrorReport; exit: number } {
  if (isMlbomError(error)) return { report: describe(error), exit: exitCodeOfError(error.code) };
  if (isAborted(error)) {
    return { report: { code: 'E_ABORTED', message: 'interrupted' }, exit: exitCodes.interrupted };
  }
  if (isParserError(error)) {
    const next = 'see --help for the arguments and flags of this command';
    return { report: { code: 'E_USAGE', message: parserMessage(error), next }, exit: exitCodes.usage };
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
function isParserError(error: unknown): error is Error & { args?: readonly { name?: string }[] } {
  return error instanceof Error && 'oclif' in error;
}

/** oclif's message as one line: its first, or those after a first that only announces them. */
function parserMessage(error: Error & { args?: readonly { name?: string }[] }): string {
  const [first = '', ...rest] = stripVTControlCharacters(error.message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'See more help with --help');
  if (first.startsWith('Missing') && error.args) {
    return `missing ${error.args.map(({ name }) => name ?? '').join(', ')}`;
  }
  const message = first.endsWith(':') ? rest.join('; ') : first;
  return message.charAt(0).toLowerCase() + message.slice(1);
}
