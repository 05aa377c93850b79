import { canonicalBytes, canonicalJson } from '../core/canonical-json.ts';
import { statementMediaType } from '../core/statement.ts';
import type { Statement } from '../core/statement.ts';
import type { Signer } from './signer.ts';

/**
 * Signs a statement in its canonical form (RFC 8785).
 * @returns a Sigstore bundle v0.3 as JSON text; the same every time for Ed25519, whose signatures are deterministic
 * @throws MlbomError `E_MALFORMED` for a statement that JSON cannot carry, `E_KEY` from the signer
 */
export async function signStatement(statement: Statement, signer: Signer): Promise<string> {
  const payload = Buffer.from(canonicalBytes(statement));
  // Loading them takes longer than all the rest of a command that does not sign.
  const [{ DSSEBundleBuilder }, { bundleToJSON }] = await Promise.all([
    import('@sigstore/sign'),
    import('@sigstore/bundle'),
  ]);
  const builder = new DSSEBundleBuilder({ signer, witnesses: [] });
  const bundle = await builder.create({ data: payload, type: statementMediaType });
  // cosign knows keys by their SSH fingerprint and passes over a signature whose `keyid` is anything else
  // (go-securesystemslib, dsse/verify.go). What names the key is the hint in the verification material.
  for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = '';
  return canonicalJson(bundleToJSON(bundle));
}
