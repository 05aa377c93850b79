import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MlbomError } from '../core/errors.ts';
import { keyAlgorithmTraits } from './key-algorithm.ts';
import { identityOf, publicKeyOf } from './public-key.ts';
import type { Signer } from './signer.ts';

/**
 * Signs with a private key that is in memory. ECDSA signatures are DER.
 * @throws MlbomError `E_KEY` for a kind of key that is not supported
 */
export function keySigner(privateKey: KeyObject): Signer {
  const publicKey = publicKeyOf(privateKey);
  const { hash } = keyAlgorithmTraits[publicKey.algorithm];
  return {
    identity: identityOf(publicKey),
    // Declared async so that a failure is a rejection, as it is with signers that go over a network.
    // eslint-disable-next-line @typescript-eslint/require-await
    async sign(data) {
      const signature = sign(hash, data, privateKey);
      // A file may carry a public half that is not its private key's own: nobody could verify what it signs.
      if (!verify(hash, data, publicKey.key, signature)) {
        throw new MlbomError('E_KEY', 'private key: its two halves do not belong together');
      }
      return { signature, key: { $case: 'publicKey', publicKey: publicKey.pem, hint: publicKey.hint } };
    },
  };
}
