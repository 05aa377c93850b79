import { Args, Flags } from '@oclif/core';
import { summarizeChanges, type Comparison } from '../core/change.ts';
import { MlbomError } from '../core/errors.ts';
import { atLeast, severities, type Severity } from '../core/severity.ts';
import { diff } from '../operations/diff.ts';
import { changesJson } from '../reports/changes-json.ts';
import { changesMarkdown } from '../reports/changes-markdown.ts';
import { changesTable } from '../reports/changes-table.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodes } from './skin/exit-codes.ts';
import { outputFlag, parseOutputs } from './skin/output-flag.ts';
import { terminal } from './skin/terminal.ts';
import { writeOutputs } from './skin/write-outputs.ts';

const formats = ['table', 'json', 'markdown'];

export default class Diff extends BaseCommand {
  static override summary = 'What changed between two BOMs, and how much it matters';
  static override description =
    'Compares any two CycloneDX JSON documents by what their components are, not by their references: content, versions, licences, ancestors, datasets, facts about models, completeness. Order, serial numbers and timestamps say nothing. Exits 1 only with --fail-on.';
  static override examples = [
    { description: 'For a person', command: '<%= config.bin %> diff old.cdx.json new.cdx.json' },
    {
      description: 'For a pull request',
      command: '<%= config.bin %> diff old.cdx.json new.cdx.json -o markdown=changes.md',
    },
    { description: 'As a gate', command: '<%= config.bin %> diff old.cdx.json new.cdx.json --fail-on high' },
  ];
  static override args = {
    OLD: Args.string({ description: 'The earlier BOM; - for stdin', required: true }),
    NEW: Args.string({ description: 'The later BOM; - for stdin', required: true }),
  };
  static override flags = {
    output: outputFlag(formats),
    'fail-on': Flags.string({
      options: severities,
      description: 'Exit 1 when there is a change of this severity or worse',
    }),
  };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { args, flags } = await this.parse(Diff);
      const requests = parseOutputs(flags.output ?? (flags.json ? [] : ['table']), formats);
      if (flags.json && requests.some(({ path }) => path === undefined)) {
        throw new MlbomError('E_USAGE', '--json prints its own result on stdout', {
          next: 'give the document a path: -o FORMAT=PATH',
        });
      }
      const comparison = await diff(args.OLD, args.NEW);
      const threshold = flags['fail-on'] as Severity | undefined;
      const failed =
        threshold !== undefined && comparison.changes.some(({ severity }) => atLeast(severity, threshold));
      const wanted = flags.quiet
        ? requests.filter(({ path }) => path !== undefined || flags.output !== undefined)
        : requests;
      const outputs = await writeOutputs(
        wanted.map((request) => ({
          ...request,
          content: rendered(request.format, comparison, request.path),
        })),
      );
      if (flags.json) {
        const result = { summary: summarizeChanges(comparison.changes), changes: comparison.changes };
        this.printEnvelope(envelope(failed ? 'fail' : 'pass', { outputs, result }));
      }
      return failed ? exitCodes.no : exitCodes.yes;
    });
  }
}

function rendered(format: string, comparison: Comparison, path: string | undefined): string {
  if (format === 'json') return changesJson(comparison);
  if (format === 'markdown') return changesMarkdown(comparison);
  return changesTable(comparison, terminal(path === undefined ? process.stdout : {}));
}
