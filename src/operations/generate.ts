import { assemble } from '../bom/assemble.ts';
import { toSpecVersion } from '../bom/downgrade.ts';
import { lint } from '../bom/lint.ts';
import { validateSchema } from '../bom/validate-schema.ts';
import { secretIn } from '../bom/secrets.ts';
import { inventoryWithoutSecrets } from '../bom/without-secrets.ts';
import type { Bom, SpecVersion } from '../core/bom.ts';
import type { Declaration } from '../core/declaration.ts';
import { sha256 } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import type { ImageStore } from '../core/image.ts';
import type { JsonObject } from '../core/json.ts';
import type { Inventory } from '../core/inventory.ts';
import type { FileDetail } from '../core/manifest.ts';
import { contradiction, type Problem } from '../core/problem.ts';
import { buildInventory } from '../inventory/build-inventory.ts';
import type { CollectedArtifact } from '../inventory/collected-artifact.ts';
import { sarif } from '../reports/sarif.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import { collectArtifact } from './collect-artifact.ts';
import { examinations } from './examinations.ts';
import { findingRules } from './finding-rules.ts';
import { collectImage } from './images/collect-image.ts';
import type { LayerCache } from './images/layer-cache.ts';
import { openImage, openPlace } from './open-place.ts';
import { version } from './version.ts';

export interface GenerateOptions {
  /** Paths or URIs; at least one. */
  readonly sources: readonly string[];
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  readonly specVersion?: SpecVersion | undefined;
  /** What no byte can say. */
  readonly declaration?: Declaration | undefined;
  /** A SHA-256 of each tensor too. */
  readonly tensorDigests?: boolean | undefined;
  /** The name under which a SARIF report will stand beside the BOM, which then refers to it with its digest. */
  readonly sarifName?: string | undefined;
  /** `linux/arm64`, for images that there are for several platforms. */
  readonly platform?: string | undefined;
  /** Images that a source may be built on, as sources. */
  readonly bases?: readonly string[] | undefined;
  /** Of weights that lie one by one in a registry, only the headers are read; their digests stay claims. */
  readonly headersOnly?: boolean | undefined;
  /** A layer that cannot be believed or read is left out, and said so. */
  readonly allowIncomplete?: boolean | undefined;
  /** Talk to registries without TLS. */
  readonly plainHttp?: boolean | undefined;
  /** Opens what layers hold from run to run, once there is an image; nothing is remembered when absent. */
  readonly cache?: (() => Promise<LayerCache>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

export interface Generated {
  /** Valid by the schema of its version and without an error of the lint. */
  readonly bom: Bom;
  readonly inventory: Inventory;
  /** The findings as a SARIF 2.1.0 log. */
  readonly sarif: string;
  /** The chunk leaves and tensor tables of each artifact that is its files, in the order of the sources. */
  readonly details: readonly (readonly FileDetail[])[];
}

/**
 * The ML-BOM of everything at the sources. What could not be read is in it as problems.
 * @throws MlbomError `E_NOT_FOUND` or `E_UNREADABLE` when a source itself is out of reach, `E_ABORTED`
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  if (options.sources.length === 0)
    throw new MlbomError('E_USAGE', 'no source', { next: 'name a directory or a file' });
  const artifacts = [];
  const details: FileDetail[][] = [];
  let images = 0;
  for (const source of options.sources) {
    const collected = await collect(source, options);
    const { artifact } = collected;
    images += collected.isImage ? 1 : 0;
    artifacts.push({ ...artifact, problems: [...artifact.problems, ...secretNames(artifact.files)] });
    // What stands beside a manifest's line is kept for artifacts that are their files.
    if (collected.details) details.push(collected.details);
  }
  if (images === 0) assertNothingOfImages(options);
  const { declaration } = options;
  const inventory = inventoryWithoutSecrets({
    ...buildInventory(artifacts, declaration),
    examinations: examinations(artifacts),
  });
  const report = sarif({ inventory, rules: findingRules, toolVersion: version });
  const assembled = assemble(inventory, {
    timestamp: options.timestamp,
    toolVersion: version,
    rules: findingRules,
    ...(options.sarifName === undefined
      ? {}
      : { report: { name: options.sarifName, sha256: sha256(report) } }),
    ...(declaration ? { declaration } : {}),
  });
  const { bom } = toSpecVersion(assembled, options.specVersion ?? '1.7');
  await assertValid(bom);
  return { bom, inventory, sarif: report, details };
}

/** What was asked about images, where there is one to ask about; a wish that nobody heard would pass for granted. */
function assertNothingOfImages({
  platform,
  bases = [],
  headersOnly,
  allowIncomplete,
}: GenerateOptions): void {
  const asked = [platform !== undefined, bases.length > 0, headersOnly, allowIncomplete].some(Boolean);
  if (!asked) return;
  throw new MlbomError('E_USAGE', 'none of the sources is an image', {
    next: 'leave out what is about images: --platform, --base, --headers-only, --allow-incomplete',
  });
}

async function collect(
  source: string,
  options: GenerateOptions,
): Promise<{ artifact: CollectedArtifact; details?: FileDetail[]; isImage: boolean }> {
  const place = await openPlace(source, options);
  if (place.kind === 'files') return { ...(await collectArtifact(place.store, options)), isImage: false };
  const bases: ImageStore[] = [];
  try {
    for (const base of options.bases ?? []) bases.push(await openImage(base, options));
    const cache = await options.cache?.();
    return { artifact: await collectImage(place.store, { ...options, bases, cache }), isImage: true };
  } finally {
    await Promise.all([place.store, ...bases].map((store) => store.close()));
  }
}

/** The names of files are what is verified, so that a name that looks like a token stays, and is a problem. */
function secretNames(files: readonly { readonly path: string }[]): Problem[] {
  return files.flatMap(({ path }) => {
    const kind = secretIn(path);
    return kind === undefined
      ? []
      : [contradiction('secret-name', path, `the name of the file looks like ${kind}`)];
  });
}

/**
 * A BOM that mlbom writes is valid, or it is not written: an error here is ours.
 * Secrets (MLB-BOM-070) were removed before; what is left stands in the names of files.
 */
async function assertValid(bom: Bom): Promise<void> {
  const document = bom as unknown as JsonObject;
  const findings = [
    ...(await validateSchema(document)),
    ...lint(document).filter(({ severity, rule }) => severity === 'error' && rule !== 'MLB-BOM-070'),
  ];
  const [first] = findings;
  if (!first) return;
  throw new MlbomError('E_INTERNAL', `the BOM would not be valid: ${first.pointer}: ${first.message}`, {
    subject: first.pointer,
    next: 'please report this with the command that you ran',
  });
}
