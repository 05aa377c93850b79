import { lint } from '../bom/lint.ts';
import { readBom } from '../bom/read.ts';
import { validateSchema } from '../bom/validate-schema.ts';
import { MlbomError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { Subject } from '../core/statement.ts';
import { bomStatement } from '../signing/bom-statement.ts';
import type { Identity } from '../signing/identity.ts';
import { keySigner } from '../signing/key-signer.ts';
import { readPrivateKey } from '../signing/read-key.ts';
import { signStatement } from '../signing/sign-statement.ts';
import { statementSubjects } from '../signing/statement-subjects.ts';
import { assertOneStdin, readInput } from './read-input.ts';

export interface SignOptions {
  /** Path of the BOM, or `-`. */
  readonly bom: string;
  /** Path of the private key in PEM. */
  readonly key: string;
  /** Asked for only when the key is encrypted. */
  readonly password: () => Promise<string>;
}

export interface Signed {
  /** The BOM as it was read. */
  readonly bom: Uint8Array;
  /** A Sigstore bundle, v0.3, as JSON text. */
  readonly bundle: string;
  readonly signer: Identity;
  /** What the statement is about. */
  readonly subjects: readonly Subject[];
  /** Errors of the lint in what was signed: the schema lets them pass, and whoever reads the BOM may not. */
  readonly lintErrors: number;
}

/**
 * Signs a BOM: an in-toto statement about its artifacts, with the BOM as predicate, in a DSSE envelope.
 * @throws MlbomError `E_MALFORMED` for a BOM that is not valid, `E_KEY`, `E_USAGE`, `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function sign(options: SignOptions): Promise<Signed> {
  assertOneStdin([options.bom, options.key]);
  const bytes = await readInput(options.bom, limits.bomBytes);
  const bom = readBom(bytes, options.bom);
  const [finding] = await validateSchema(bom as unknown as JsonObject);
  if (finding) {
    throw new MlbomError('E_MALFORMED', `${options.bom}: ${finding.pointer}: ${finding.message}`, {
      subject: options.bom,
      next: 'mlbom validate lists everything that is wrong; a BOM that is not valid is not signed',
    });
  }
  const subjects = statementSubjects(bom);
  const file = await readInput(options.key, limits.keyBytes);
  const signer = keySigner(await readPrivateKey(file, { subject: options.key, password: options.password }));
  return {
    bom: bytes,
    bundle: await signStatement(bomStatement(bom, subjects), signer),
    signer: signer.identity,
    subjects,
    lintErrors: lint(bom as unknown as JsonObject).filter(({ severity }) => severity === 'error').length,
  };
}
