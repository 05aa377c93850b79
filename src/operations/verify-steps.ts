import { artifactsOf, type StatedArtifact } from '../bom/artifacts-of.ts';
import type { Bom } from '../core/bom.ts';
import { check, note, notExamined, type Check } from '../core/check.ts';
import { labelOf } from '../core/components-of.ts';
import { isMlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { Statement } from '../core/statement.ts';
import { verdictOf, type Verdict } from '../core/verdict.ts';
import { parsePlatform } from '../formats/oci/platform.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import type { Identity } from '../signing/identity.ts';
import type { PublicKey } from '../signing/public-key.ts';
import { readPublicKey } from '../signing/read-key.ts';
import { firstDifference } from './first-difference.ts';
import { intendedArtifact } from './intended-artifact.ts';
import { manifestCheck } from './manifest-check.ts';
import { readInput } from './read-input.ts';
import { sidecarReader } from './sidecar-details.ts';
import { targetsOf } from './verify-targets.ts';
import { verifyBytes } from './verify-bytes.ts';

export interface VerifyOptions {
  /** Path of the BOM, or `-`; an image beside which it lies: `oci://…`, `oci-layout:…`. */
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
  /** `linux/arm64`, for a reference to images of several platforms. */
  readonly platform?: string | undefined;
  /** Talk to registries without TLS. */
  readonly plainHttp?: boolean | undefined;
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

/** What checks came to. */
export function verified(
  checks: readonly Check[],
  signer: Identity | undefined,
  artifacts: readonly StatedArtifact[],
): Verified {
  return {
    verdict: verdictOf(checks),
    ...(signer ? { signer } : {}),
    artifacts: artifacts.map(({ name, version, digest }) => ({
      name,
      ...(version === undefined ? {} : { version }),
      digest,
    })),
  };
}

export async function readTrustedKey(path: string): Promise<PublicKey> {
  return readPublicKey(await readInput(path, limits.keyBytes), { subject: path });
}

/** The BOM against the signed statement, then what it states. Of a BOM that is not the signed one, nothing counts. */
export function judge(
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

export async function bytesChecks(
  options: VerifyOptions,
  before: readonly Check[],
  artifacts: readonly StatedArtifact[],
): Promise<Check[]> {
  if (options.signatureOnly) return [note('bytes', 'unknown', 'not asked for: --signature-only')];
  // Hours of hashing cannot save evidence that does not hold.
  if (verdictOf(before).outcome !== 'pass') return [notExamined('bytes')];
  const targets = targetsOf(options.at, artifacts, options.artifact);
  const sidecar = sidecarReader(options, artifacts);
  const { plainHttp, signal, onProgress } = options;
  const platform = options.platform === undefined ? undefined : parsePlatform(options.platform);
  const checks: Check[] = [];
  for (const { artifact, at } of targets) {
    const details = () => sidecar.detailsOf(artifact);
    checks.push(...(await verifyBytes({ artifact, at, details, platform, plainHttp, signal, onProgress })));
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
