import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { verify } from '../operations/verify.ts';
import { checksTable } from '../reports/checks-table.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodeOfOutcome } from './skin/exit-codes.ts';
import { plainHttpFlag } from './skin/plain-http-flag.ts';
import { print } from './skin/print.ts';
import { progressLine } from './skin/progress.ts';
import { terminal } from './skin/terminal.ts';

export default class Verify extends BaseCommand {
  static override summary = 'The deploy gate: is this what was signed, byte for byte';
  static override description =
    'Checks, in this order: the BOM, the bundle, its signature, the key behind it, the statement, the BOM against it, the artifact that is meant, its files against the artifact digest, and then every byte at each place. Exits 0 when all of it holds, 1 when something does not, 3 when it could not be decided. Nothing is trusted that was not named.';
  static override examples = [
    {
      description: 'Before a deployment',
      command:
        '<%= config.bin %> verify model.cdx.json --key mlbom.pub --at ./model --artifact support-8b@1.2',
    },
    {
      description: 'An image, by the signed BOM that lies beside it in the registry',
      command: '<%= config.bin %> verify oci://registry.example.org/team/app:v1 --key mlbom.pub',
    },
    {
      description: 'Two copies',
      command: '<%= config.bin %> verify model.cdx.json --key mlbom.pub --at /mnt/a/model --at /mnt/b/model',
    },
    {
      description: 'The evidence alone, without the bytes',
      command: '<%= config.bin %> verify model.cdx.json --key mlbom.pub --signature-only',
    },
  ];
  static override args = {
    BOM: Args.string({
      description:
        'The BOM; - for stdin; oci://HOST/REPOSITORY[:TAG][@DIGEST] or oci-layout:PATH for an image with the signed BOM beside it',
      required: true,
    }),
  };
  static override flags = {
    key: Flags.string({
      description: 'Public key in PEM that is trusted; repeatable',
      helpValue: 'FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    at: Flags.string({
      description: 'A place that holds the artifact (NAME=STORE where the BOM has several); repeatable',
      helpValue: 'STORE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'signature-only': Flags.boolean({ description: 'Read no bytes' }),
    artifact: Flags.string({
      description: 'The artifact that is meant: NAME@VERSION or sha256:DIGEST',
      helpValue: 'ARTIFACT',
    }),
    bundle: Flags.string({ description: 'The bundle [default: BOM.sigstore.json]', helpValue: 'PATH' }),
    platform: Flags.string({
      description: 'Of an image for several platforms, the one that is meant: linux/arm64',
      helpValue: 'OS/ARCH',
    }),
    'plain-http': plainHttpFlag,
    manifest: Flags.string({
      description: 'Chunk digests that say where bytes differ [default: BOM.manifest.json]',
      helpValue: 'PATH',
    }),
  };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { args, flags } = await this.parse(Verify);
      const words = !flags.quiet && !flags.json;
      const progress = progressLine(words);
      const { verdict, signer, artifacts } = await verify({
        bom: args.BOM,
        bundle: flags.bundle,
        keys: flags.key ?? [],
        at: flags.at ?? [],
        signatureOnly: flags['signature-only'],
        artifact: flags.artifact,
        manifest: flags.manifest,
        platform: flags.platform,
        plainHttp: flags['plain-http'],
        signal: this.signal,
        onProgress: progress.update,
      }).finally(progress.done);
      if (flags.json) {
        await this.printEnvelope(
          envelope(verdict.outcome, { checks: verdict.checks, result: { signer, artifacts } }),
        );
      } else if (words) await print(checksTable(verdict, terminal(process.stdout)));
      return exitCodeOfOutcome(verdict.outcome);
    });
  }
}
