import * as Args from '@oclif/core/args';
import { validate } from '../operations/validate.ts';
import { findingsTable } from '../reports/findings-table.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodeOfOutcome } from './skin/exit-codes.ts';
import { print } from './skin/print.ts';
import { terminal } from './skin/terminal.ts';

export default class Validate extends BaseCommand {
  static override summary = 'Judge a BOM by its schema and by what the schema cannot see';
  static override description =
    'Checks a CycloneDX 1.6 or 1.7 JSON document against its strict schema, all errors at once, and against the semantic lint: dangling and duplicate references, digests of a wrong length, purls and licence ids that are none, fields on components that cannot have them. Every finding has a stable id, a JSON pointer and a fix. Exits 1 on an error.';
  static override examples = [
    { description: 'Any BOM, whoever made it', command: '<%= config.bin %> validate model.cdx.json' },
    {
      description: 'In a pipe',
      command: '<%= config.bin %> generate ./model | <%= config.bin %> validate -',
    },
  ];
  static override args = { BOM: Args.string({ description: 'The BOM; - for stdin', required: true }) };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { args, flags } = await this.parse(Validate);
      const { valid, findings } = await validate(args.BOM);
      const outcome = valid ? 'pass' : 'fail';
      if (flags.json) await this.printEnvelope(envelope(outcome, { result: { findings } }));
      else if (!flags.quiet) await print(findingsTable(findings, terminal(process.stdout)));
      return exitCodeOfOutcome(outcome);
    });
  }
}
