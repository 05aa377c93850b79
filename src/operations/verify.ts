import { artifactsOf, type StatedArtifact } from '../bom/artifacts-of.ts';
import { readBom } from '../bom/read.ts';
import type { Bom } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Check } from '../core/check.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { FileDetail } from '../core/manifest.ts';
import { cyclonedxPredicateType, type Statement } from '../core/statement.ts';
import { verdictOf, type Verdict } from '../core/verdict.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import type { Identity } from '../signing/identity.ts';
import { readPublicKey } from '../signing/read-key.ts';
import { verifyBundle } from '../signing/verify-bundle.ts';
import { intendedArtifact } from './intended-artifact.ts';
import { manifestCheck } from './manifest-check.ts';
import { readInput } from './read-input.ts';
import { sidecarDetails } from './sidecar-details.ts';
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
  readonly artifacts: readonly {
    readonly name: string;
    readonly version?: string;
    readonly digest: string;
  }[];
}

/**
 * The deploy gate. Each step is a named check, in this order: the BOM, the bundle, its signature, the identity behind
 * it, the statement, the intended artifact, BOM against statement, BOM against manifest, bytes at every place.
 * Bytes are read only once the evidence holds.
 * @throws MlbomError `E_USAGE` without trust or without a place; `E_NOT_FOUND` or `E_UNREADABLE` for the BOM itself
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  assertAsked(options);
  const keys = await Promise.all(
    options.keys.map(async (path) =>
      readPublicKey(await readInput(path, limits.keyBytes), { subject: path }),
    ),
  );
  const { check: parsed, bom } = await readChecked(options.bom);
  const evidence = await readEvidence(options);
  if (evidence === undefined) {
    const checks = [parsed, noBundle(options)];
    return { verdict: verdictOf(checks), artifacts: [] };
  }
  const signed = await verifyBundle(evidence, { keys }, { predicateType: cyclonedxPredicateType });
  const checks = [parsed, ...signed.checks];
  const artifacts: StatedArtifact[] = [];
  if (bom && signed.statement) {
    checks.push(...judge(bom, signed.statement, options, artifacts));
  } else {
    checks.push(...['artifact', 'bom', 'manifest'].map((id) => notExamined(id)));
  }
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
}

/** The BOM at hand. That it cannot be read at all is an impossibility; that it is malformed is an answer. */
async function readChecked(path: string): Promise<{ check: Check; bom?: Bom }> {
  const bytes = await readInput(path, limits.bomBytes);
  try {
    const bom = readBom(bytes, path);
    return { check: check('parse', 'pass', 'well-formed CycloneDX, without duplicate keys', path), bom };
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return { check: check('parse', 'fail', error.message, path) };
  }
}

function bundlePath(options: VerifyOptions): string {
  if (options.bundle !== undefined) return options.bundle;
  if (options.bom !== '-') return `${options.bom}.sigstore.json`;
  throw new MlbomError('E_USAGE', 'a BOM from standard input has no file beside it', {
    next: 'name the bundle: --bundle PATH',
  });
}

/** The bundle's bytes, or undefined when there is none. */
async function readEvidence(options: VerifyOptions): Promise<Uint8Array | undefined> {
  try {
    return await readInput(bundlePath(options), limits.bundleBytes);
  } catch (error) {
    if (isMlbomError(error) && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}

function noBundle(options: VerifyOptions): Check {
  return check('bundle', 'fail', 'there is no signature: no such file', bundlePath(options));
}

/** What the signed statement says, against the BOM and against what was meant. */
function judge(bom: Bom, statement: Statement, options: VerifyOptions, artifacts: StatedArtifact[]): Check[] {
  try {
    artifacts.push(...artifactsOf(bom));
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return [check('manifest', 'fail', error.message)];
  }
  const same = canonicalJson(bom) === canonicalJson(statement.predicate);
  return [
    intendedArtifact(artifacts, options.artifact),
    same
      ? check('bom', 'pass', 'the BOM is the signed one (compared in canonical form)')
      : check('bom', 'fail', 'the BOM is not the one that was signed'),
    manifestCheck(artifacts, statement),
  ];
}

async function bytesChecks(
  options: VerifyOptions,
  before: readonly Check[],
  artifacts: readonly StatedArtifact[],
): Promise<Check[]> {
  if (options.signatureOnly) {
    return [{ id: 'bytes', outcome: 'unknown', required: false, why: 'not asked for: --signature-only' }];
  }
  // Hours of hashing cannot save evidence that does not hold.
  if (verdictOf(before).outcome !== 'pass') return [notExamined('bytes')];
  const targets = targetsOf(options.at, artifacts, options.artifact);
  const details = await sidecarDetails(options, artifacts);
  const checks: Check[] = [...details.checks];
  for (const { artifact, at } of targets) {
    const own: ReadonlyMap<string, FileDetail> =
      details.of.get(artifact.digest) ?? new Map<string, FileDetail>();
    const { signal, onProgress } = options;
    checks.push(...(await verifyBytes({ artifact, at, details: own, signal, onProgress })));
  }
  return checks;
}

function check(id: string, outcome: Check['outcome'], why: string, subject?: string): Check {
  return { id, outcome, required: true, ...(subject === undefined ? {} : { subject }), why };
}

function notExamined(id: string): Check {
  return check(id, 'unknown', 'not examined, because an earlier check failed');
}
