import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { MlbomError } from '../core/errors.ts';
import { attachTo } from '../operations/attach-to.ts';
import { sign } from '../operations/sign.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodes } from './skin/exit-codes.ts';
import { keyPassword } from './skin/key-password.ts';
import { plainHttpFlag } from './skin/plain-http-flag.ts';
import { writeOutputs } from './skin/write-outputs.ts';

export default class Sign extends BaseCommand {
  static override summary = 'Sign a BOM';
  static override description =
    'Makes an in-toto statement about the artifacts of the BOM, with the BOM as its predicate, signs it, and writes a Sigstore bundle beside the BOM. The password of an encrypted key comes from MLBOM_KEY_PASSWORD, or is asked for on a terminal.';
  static override examples = [
    { description: 'Sign with a key', command: '<%= config.bin %> sign model.cdx.json --key mlbom.key' },
    {
      description: 'Sign, and put both beside the image in its registry',
      command:
        '<%= config.bin %> sign app.cdx.json --key mlbom.key --attach oci://registry.example.org/team/app:v1',
    },
    {
      description: 'The bundle somewhere else',
      command: '<%= config.bin %> sign model.cdx.json --key mlbom.key --bundle out/model.sigstore.json',
    },
  ];
  static override args = { BOM: Args.string({ description: 'The BOM; - for stdin', required: true }) };
  static override flags = {
    key: Flags.string({
      description: 'Private key in PEM (ECDSA P-256, P-384, P-521 or Ed25519)',
      helpValue: 'FILE',
      required: true,
    }),
    attach: Flags.string({
      description:
        'Put the BOM and its bundle beside this image, where verify, cosign, oras and trivy find them: oci://HOST/REPOSITORY@DIGEST, or oci-layout:PATH[:NAME] for a layout',
      helpValue: 'IMAGE',
    }),
    'plain-http': plainHttpFlag,
    bundle: Flags.string({
      description: 'Where the bundle goes; - for stdout [default: BOM.sigstore.json]',
      helpValue: 'PATH',
    }),
  };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { args, flags } = await this.parse(Sign);
      const path = flags.bundle ?? (args.BOM === '-' ? '-' : `${args.BOM}.sigstore.json`);
      if (flags.json && path === '-') {
        throw new MlbomError('E_USAGE', '--json prints its own result on stdout', {
          next: 'give the bundle a path: --bundle PATH',
        });
      }
      const { bundle, bom, signer, subjects, lintErrors } = await sign({
        bom: args.BOM,
        key: flags.key,
        password: () => keyPassword(flags.key),
      });
      const document = {
        format: 'sigstore-bundle',
        content: `${bundle}\n`,
        ...(path === '-' ? {} : { path }),
      };
      const outputs = await writeOutputs([document]);
      const attached =
        flags.attach === undefined
          ? undefined
          : await attachTo(flags.attach, {
              bom,
              bundle: Buffer.from(document.content),
              plainHttp: flags['plain-http'],
              signal: this.signal,
            });
      if (flags.json)
        await this.printEnvelope(
          envelope('pass', { outputs, result: { signer, subjects, lintErrors, attached } }),
        );
      else if (!flags.quiet) {
        this.say(
          `signed    ${subjects.length} subjects with ${signer.algorithm} key sha256:${signer.fingerprint}`,
        );
        for (const output of outputs) this.say(`wrote     ${output.path}`);
        if (attached) this.say(`attached  ${attached.referrers.length} documents to ${attached.subject}`);
        if (lintErrors > 0) {
          this.say(`warning   the lint finds ${lintErrors} errors in this BOM; mlbom validate lists them`);
        }
      }
      return exitCodes.yes;
    });
  }
}
