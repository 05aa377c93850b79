import * as Flags from '@oclif/core/flags';

/** What every command has that may talk to a registry. */
export const plainHttpFlag = Flags.boolean({
  allowNo: true,
  description: 'Talk to registries without TLS; to this machine itself that is the default',
});
