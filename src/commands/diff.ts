import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { summarizeChanges, type Comparison } from '../core/change.ts';
import { atLeast, severities, type Severity } from '../core/severity.ts';
import { diff } from '../operations/diff.ts';
import { changesJson } from '../reports/changes-json.ts';
import { changesMarkdown } from '../reports/changes-markdown.ts';
import { changesTable } from '../reports/changes-table.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodeOfOutcome } from './skin/exit-codes.ts';
import { outputFlag, parseOutputs } from './skin/output-flag.ts';
import { terminal } from './skin/terminal.ts';
import { assertDistinct, writeOutputs } from './skin/write-outputs.ts';

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
      const silent = flags.json || flags.quiet;
      const requests = parseOutputs(flags.output ?? (silent ? [] : ['table']), formats, flags.json);
      assertDistinct(requests);
      const comparison = await diff(args.OLD, args.NEW);
      const threshold = flags['fail-on'] as Severity | undefined;
      const failed =
        threshold !== undefined && comparison.changes.some(({ severity }) => atLeast(severity, threshold));
      const outcome = failed ? 'fail' : 'pass';
      const outputs = await writeOutputs(
        requests.map((request) => ({
          ...request,
          content: rendered(request.format, comparison, request.path),
        })),
      );
      if (flags.json) {
        const result = { summary: summarizeChanges(comparison.changes), changes: comparison.changes };
        await this.printEnvelope(envelope(outcome, { outputs, result }));
      }
      return exitCodeOfOutcome(outcome);
    });
  }
}

function rendered(format: string, comparison: Comparison, path: string | undefined): string {
  if (format === 'json') return changesJson(comparison);
  if (format === 'markdown') return changesMarkdown(comparison);
  return changesTable(comparison, terminal(path === undefined ? process.stdout : {}));
}
