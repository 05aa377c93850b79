import { readBom } from '../bom/read.ts';
import type { Bom } from '../core/bom.ts';
import { check, notExamined, type Check } from '../core/check.ts';
import { isHexOf } from '../core/digest.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { cyclonedxPredicateType } from '../core/statement.ts';
import type { PublicKey } from '../signing/public-key.ts';
import { verifyBundle, type BundleVerification } from '../signing/verify-bundle.ts';
import { parseSource } from './parse-source.ts';
import { assertOneStdin, readInput } from './read-input.ts';
import { verifyReference } from './verify-reference.ts';
import {
  bytesChecks,
  judge,
  readTrustedKey,
  verified,
  type Verified,
  type VerifyOptions,
} from './verify-steps.ts';

export type { Verified, VerifyOptions };

/**
 * The deploy gate. Each step is a named check, always in this order: the BOM is read, the bundle, its signature, the
 * identity behind it, the statement, the BOM against the statement, the intended artifact, the artifact's files against
 * its digest, bytes at every place. A step rests on those before it; bytes are read only once all the evidence holds.
 * @throws MlbomError `E_USAGE` without trust or without a place; `E_NOT_FOUND` or `E_UNREADABLE` for the BOM itself
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  assertAsked(options);
  if (isImage(options.bom)) return verifyReference(options);
  const keys = await Promise.all(options.keys.map(readTrustedKey));
  const { check: parsed, bom } = await readChecked(options.bom);
  const signed = await verifySignature(options, keys);
  const checks = [parsed, ...signed.checks];
  const stated = bom && signed.statement && judge(bom, signed.statement, options);
  checks.push(...(stated?.checks ?? ['bom', 'artifact', 'manifest'].map(notExamined)));
  const artifacts = stated?.artifacts ?? [];
  checks.push(...(await bytesChecks(options, checks, artifacts)));
  return verified(checks, signed.signer, artifacts);
}

function isImage(bom: string): boolean {
  return bom !== '-' && parseSource(bom).kind !== 'path';
}

function assertAsked(options: VerifyOptions): void {
  if (options.keys.length === 0) {
    throw new MlbomError('E_USAGE', 'nothing says whom to trust', {
      next: 'give the public key of the signer: --key PUB',
    });
  }
  // An image names its own place.
  if (options.at.length === 0 && !options.signatureOnly && !isImage(options.bom)) {
    throw new MlbomError('E_USAGE', 'nothing says where the bytes are', {
      next: 'name the place with --at STORE, or say --signature-only',
    });
  }
  if (options.at.length > 0 && options.signatureOnly) {
    throw new MlbomError('E_USAGE', '--at and --signature-only contradict each other', {
      next: 'leave one of them out',
    });
  }
  assertDigest(options.artifact);
  if (isImage(options.bom) && options.bundle !== undefined) {
    throw new MlbomError('E_USAGE', 'the bundle of an image is the one that lies beside it', {
      subject: options.bundle,
      next: 'leave --bundle out, or name the BOM by its path',
    });
  }
  assertOneStdin([options.bom, options.bundle, options.manifest, ...options.keys]);
}

/** A digest cut short names nothing; found out later, it would read as another artifact. */
function assertDigest(artifact: string | undefined): void {
  if (artifact === undefined || !/^sha256:/i.test(artifact)) return;
  if (isHexOf('sha256', artifact.slice('sha256:'.length).toLowerCase())) return;
  throw new MlbomError('E_USAGE', `--artifact ${artifact}: not a SHA-256`, {
    subject: artifact,
    next: 'write all 64 hexadecimal digits of the artifact digest, or NAME@VERSION',
  });
}

/** The BOM at hand. That it is out of reach is an impossibility; that it is malformed is an answer. */
async function readChecked(path: string): Promise<{ check: Check; bom?: Bom }> {
  const bytes = await readInput(path, limits.bomBytes);
  try {
    const bom = readBom(bytes, path);
    return { check: check('parse', 'pass', 'well-formed CycloneDX without duplicate keys'), bom };
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    const outcome = error.code === 'E_MALFORMED' ? 'fail' : 'unknown';
    return { check: check('parse', outcome, error.message) };
  }
}

/** A bundle that is not there is an answer too: nothing vouches for the BOM. */
async function verifySignature(
  options: VerifyOptions,
  keys: readonly PublicKey[],
): Promise<BundleVerification> {
  const path = bundlePath(options);
  try {
    const file = await readInput(path, limits.bundleBytes);
    return await verifyBundle(file, { keys }, { predicateType: cyclonedxPredicateType });
  } catch (error) {
    if (!isMlbomError(error) || error.code !== 'E_NOT_FOUND') throw error;
    const missing = check('bundle', 'fail', 'there is no signature: no such file', { subject: path });
    return { checks: [missing, ...['signature', 'identity', 'statement'].map(notExamined)] };
  }
}

function bundlePath(options: VerifyOptions): string {
  if (options.bundle !== undefined) return options.bundle;
  if (options.bom !== '-') return `${options.bom}.sigstore.json`;
  throw new MlbomError('E_USAGE', 'a BOM from standard input has no file beside it', {
    next: 'name the bundle: --bundle PATH',
  });
}
