import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Interfaces } from '@oclif/core';
import { MlbomError } from '../../core/errors.ts';
import { fail } from './failure.ts';
import { print, surviveBrokenStreams } from './print.ts';
import { rootHelp, type CommandSummary } from './root-help.ts';

/** Commands of oclif's plugins: whoever asks for one of them waits until they are loaded. */
const pluginCommands: Readonly<Record<string, CommandSummary>> = {
  autocomplete: { summary: 'Complete commands and flags in bash, zsh or PowerShell' },
};

/** Runs the command line. What no command catches (an unknown command, a broken build) ends here. */
export async function main(args: readonly string[], moduleUrl: string): Promise<void> {
  surviveBrokenStreams();
  try {
    await dispatch(withHelpFirst(args), moduleUrl);
  } catch (error) {
    if (!isHelpShown(error)) await fail(error, args);
  }
}

async function dispatch(args: readonly string[], moduleUrl: string): Promise<void> {
  const root = new URL('../', moduleUrl);
  const commands = { ...(await ownCommands(root)), ...pluginCommands };
  const [command] = args;
  // The help that most people ask for first comes without loading a command or the framework.
  if (command === undefined || isHelpFlag(command)) {
    await print(rootHelp(commands));
    return;
  }
  const [id = ''] = command.split(':');
  if (!Object.hasOwn(commands, id)) throw unknownCommand(command, Object.keys(commands));
  const { run } = await import('@oclif/core/run');
  await run([...args], await loadOptions(root, Object.hasOwn(pluginCommands, id)));
}

async function ownCommands(root: URL): Promise<Record<string, CommandSummary>> {
  const manifest = JSON.parse(await readFile(new URL('oclif.manifest.json', root), 'utf8')) as {
    commands: Record<string, CommandSummary>;
  };
  return manifest.commands;
}

/** Nothing is loaded that the command does not need: no plugins of the user, and ours only for their own commands. */
async function loadOptions(root: URL, plugins: boolean): Promise<Interfaces.LoadOptions> {
  const pjson = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Interfaces.PJSON;
  return {
    root: fileURLToPath(root),
    pjson: plugins ? pjson : { ...pjson, oclif: { ...pjson.oclif, plugins: [] } },
    userPlugins: false,
    devPlugins: false,
  };
}

/** `mlbom help verify` is `mlbom verify --help`. */
function withHelpFirst(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  return first === 'help' ? [...rest, '--help'] : args;
}

function isHelpFlag(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

function unknownCommand(command: string, known: readonly string[]): MlbomError {
  return new MlbomError('E_USAGE', `no such command: ${command}`, {
    subject: command,
    next: `use one of: ${known.toSorted().join(', ')}`,
  });
}

/** oclif ends the help of a command by throwing an exit with code 0. */
function isHelpShown(error: unknown): boolean {
  return (
    error instanceof Error && 'oclif' in error && (error.oclif as { exit?: number } | undefined)?.exit === 0
  );
}
