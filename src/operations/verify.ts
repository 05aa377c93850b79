import { artifactsOf, type StatedArtifact } from '../bom/artifacts-of.ts';
import { readBom } from '../bom/read.ts';
import type { Bom } from '../core/bom.ts';
import { check, note, notExamined, type Check } from '../core/check.ts';
import { labelOf } from '../core/components-of.ts';
import { isHexOf } from '../core/digest.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { cyclonedxPredicateType, type Statement } from '../core/statement.ts';
import { verdictOf, type Verdict } from '../core/verdict.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import type { Identity } from '../signing/identity.ts';
import type { PublicKey } from '../signing/public-key.ts';
import { readPublicKey } from '../signing/read-key.ts';
import { verifyBundle, type BundleVerification } from '../signing/verify-bundle.ts';
import { firstDifference } from './first-difference.ts';
import { intendedArtifact } from './intended-artifact.ts';
import { manifestCheck } from './manifest-check.ts';
import { assertOneStdin, readInput } from './read-input.ts';
import { sidecarReader } from './sidecar-details.ts';
import { targetsOf } from './verify-targets.ts';
import { verifyBytes } from './verify-bytes.ts';

export interface VerifyOptions {
  /** Path of the BOM, or `-`. */
  readonly bom: string;
  /** Path of the bundle; beside the BOM when absent. */
  readonly bundle?: string | undefined;
  /** Paths of the public keys that are trusted; at least one. */
  readonly keys: readonly string[];
  /** Places that hold the artifact, each `STORE`, or `NAME=STORE` where the BOM has several artifacts. */
  readonly at: readonly string[];
  /** Says that no bytes shall be read. */
  readonly signatureOnly?: boolean | undefined;
  /** The artifact that is meant: `NAME@VERSION` or `sha256:<artifact digest>`. */
  readonly artifact?: string | undefined;
  /** Path of the manifest sidecar; beside the BOM when absent. */
  readonly manifest?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

export interface Verified {
  readonly verdict: Verdict;
  readonly signer?: Identity;
  /** What the signed BOM states; empty unless the BOM is the signed one. */
  readonly artifacts: readonly {
    readonly name: string;
    readonly version?: string;
    readonly digest: string;
  }[];
}

/**
 * The deploy gate. Each step is a named check, always in this order: the BOM is read, the bundle, its signature, the
 * identity behind it, the statement, the BOM against the statement, the intended artifact, the artifact's files against
 * its digest, bytes at every place. A step rests on those before it; bytes are read only once all the evidence holds.
 * @throws MlbomError `E_USAGE` without trust or without a place; `E_NOT_FOUND` or `E_UNREADABLE` for the BOM itself
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  assertAsked(options);
  const keys = await Promise.all(options.keys.map(readTrustedKey));
  const { check: parsed, bom } = await readChecked(options.bom);
  const signed = await verifySignature(options, keys);
  const checks = [parsed, ...signed.checks];
  const stated = bom && signed.statement && judge(bom, signed.statement, options);
  checks.push(...(stated?.checks ?? ['bom', 'artifact', 'manifest'].map(notExamined)));
  const artifacts = stated?.artifacts ?? [];
  checks.push(...(await bytesChecks(options, checks, artifacts)));
  return {
    verdict: verdictOf(checks),
    ...(signed.signer ? { signer: signed.signer } : {}),
    artifacts: artifacts.map(({ name, version, digest }) => ({
      name,
      ...(version === undefined ? {} : { version }),
      digest,
    })),
  };
}

function assertAsked(options: VerifyOptions): void {
  if (options.keys.length === 0) {
    throw new MlbomError('E_USAGE', 'nothing says whom to trust', {
      next: 'give the public key of the signer: --key PUB',
    });
  }
  if (options.at.length === 0 && !options.signatureOnly) {
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

async function readTrustedKey(path: string): Promise<PublicKey> {
  return readPublicKey(await readInput(path, limits.keyBytes), { subject: path });
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

/** The BOM against the signed statement, then what it states. Of a BOM that is not the signed one, nothing counts. */
function judge(
  bom: Bom,
  statement: Statement,
  options: VerifyOptions,
): { checks: Check[]; artifacts: readonly StatedArtifact[] } {
  const pointer = firstDifference(statement.predicate, bom);
  if (pointer !== undefined) {
    const why = `not the BOM that was signed: it differs at ${pointer || '/'}`;
    const edited = check('bom', 'fail', why, { subject: options.bom });
    return { checks: [edited, notExamined('artifact'), notExamined('manifest')], artifacts: [] };
  }
  const same = check('bom', 'pass', 'the signed one, compared in canonical form');
  try {
    const artifacts = artifactsOf(bom);
    const meant = intendedArtifact(artifacts, options.artifact);
    return { checks: [same, meant, manifestCheck(artifacts, statement)], artifacts };
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    const checks = [same, notExamined('artifact'), check('manifest', 'fail', error.message)];
    return { checks, artifacts: [] };
  }
}

async function bytesChecks(
  options: VerifyOptions,
  before: readonly Check[],
  artifacts: readonly StatedArtifact[],
): Promise<Check[]> {
  if (options.signatureOnly) return [note('bytes', 'unknown', 'not asked for: --signature-only')];
  // Hours of hashing cannot save evidence that does not hold.
  if (verdictOf(before).outcome !== 'pass') return [notExamined('bytes')];
  const targets = targetsOf(options.at, artifacts, options.artifact);
  const sidecar = sidecarReader(options, artifacts);
  const { signal, onProgress } = options;
  const checks: Check[] = [];
  for (const { artifact, at } of targets) {
    const details = () => sidecar.detailsOf(artifact);
    checks.push(...(await verifyBytes({ artifact, at, details, signal, onProgress })));
  }
  return [...checks, ...sidecar.checks(), ...unplaced(artifacts, targets)];
}

/** A signed artifact whose bytes nobody asked for is named, so that its neighbour's verdict is not taken for its own. */
function unplaced(
  artifacts: readonly StatedArtifact[],
  targets: readonly { readonly artifact: StatedArtifact }[],
): Check[] {
  const placed = new Set(targets.map(({ artifact }) => artifact));
  return artifacts
    .filter((artifact) => !placed.has(artifact))
    .map((artifact) =>
      note('bytes', 'unknown', 'not asked for: no --at names it', { subject: labelOf(artifact) }),
    );
}
