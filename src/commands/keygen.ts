import * as Flags from '@oclif/core/flags';
import { keygen } from '../operations/keygen.ts';
import { keyAlgorithms, type KeyAlgorithm } from '../signing/key-algorithm.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodes } from './skin/exit-codes.ts';
import { newPassword } from './skin/key-password.ts';

export default class Keygen extends BaseCommand {
  static override summary = 'Make a key pair for signing';
  static override description =
    'Writes PREFIX.key (PKCS#8, readable by you alone) and PREFIX.pub. With a password, from MLBOM_KEY_PASSWORD or asked for on a terminal, the private key is encrypted.';
  static override examples = [
    { description: 'An ECDSA P-256 pair, mlbom.key and mlbom.pub', command: '<%= config.bin %> keygen' },
    {
      description: 'An Ed25519 pair',
      command: '<%= config.bin %> keygen --algorithm ed25519 --output-key-prefix release',
    },
  ];
  static override flags = {
    'output-key-prefix': Flags.string({
      description: 'Beginning of both file names',
      default: 'mlbom',
      helpValue: 'PREFIX',
    }),
    algorithm: Flags.string({
      options: [...keyAlgorithms],
      default: 'ecdsa-p256',
      description: 'Kind of key',
    }),
  };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { flags } = await this.parse(Keygen);
      const password = flags.json ? (process.env['MLBOM_KEY_PASSWORD'] ?? '') : await newPassword();
      const made = await keygen({
        prefix: flags['output-key-prefix'],
        algorithm: flags.algorithm as KeyAlgorithm,
        ...(password === '' ? {} : { password }),
      });
      if (flags.json) await this.printEnvelope(envelope('pass', { result: made }));
      else if (!flags.quiet) {
        this.say(
          `wrote     ${made.privateKey} (${password === '' ? 'not encrypted' : 'encrypted'}) and ${made.publicKey}`,
        );
        this.say(`key       ${made.identity.algorithm} sha256:${made.identity.fingerprint}`);
      }
      return exitCodes.yes;
    });
  }
}
