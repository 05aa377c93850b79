import type { Signer as SigstoreSigner } from '@sigstore/sign';
import type { Identity } from './identity.ts';

/**
 * Something that signs: a key in a file, later a KMS, an HSM, Sigstore's keyless flow.
 * It is one of Sigstore's signers, so that Sigstore's bundle builders take it, and it says who it signs as.
 */
export interface Signer extends SigstoreSigner {
  readonly identity: Identity;
}
