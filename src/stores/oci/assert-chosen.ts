import { formatDigest, isSameDigest, type Digest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { ImageStore, Platform } from '../../core/image.ts';
import {
  formatPlatform,
  isSamePlatform,
  isUnknownPlatform,
  matchesPlatform,
} from '../../formats/oci/platform.ts';
import { choosePlatform, configIn, type PlatformQuestion } from './choose-platform.ts';
import { isBeside } from './is-beside.ts';
import type { FoundManifest } from './walk-indexes.ts';

/**
 * Sees to it that of the manifests below an index this one is what every runtime takes: for the platform that is asked
 * for, or else its own. That an index lists it is not enough: they choose by platform alone, the first that fits, and
 * few of them look at what annotations call it.
 * @throws MlbomError `E_DIGEST` (`image-not-chosen`) with what would be taken in its place
 */
export async function assertChosen(
  store: ImageStore,
  found: readonly FoundManifest[],
  digest: Digest,
  question: PlatformQuestion,
): Promise<void> {
  const isMeant = ({ descriptor }: FoundManifest): boolean => isSameDigest(descriptor.digest, digest);
  // What was named by its own digest or tag was not chosen.
  if (found.some((one) => isMeant(one) && one.indexes.length === 0)) return;
  const own = found.filter((one) => isMeant(one) && !isBeside(one.descriptor));
  const [first] = own;
  if (!first)
    throw notChosen(store, digest, 'is listed only as something about an image, which nothing runs');
  const { signal } = question;
  const platform = (await configIn(store, first.descriptor, signal))?.platform;
  if (!platform && !question.wanted) return assertOnly(store, found, digest, signal);

  const listing = own.find((one) => fits(listedPlatform(one), question.wanted ?? platform));
  const wanted = question.wanted ?? (platform && { ...(listing && listedPlatform(listing)), ...platform });
  if (!listing || !wanted) {
    const listed = listedPlatform(first);
    const where = listed ? `is listed for ${formatPlatform(listed)}` : 'is not listed for it';
    throw notChosen(store, digest, `${where}, and ${shown(question.wanted ?? platform)} is meant`);
  }
  const isListed = listedPlatform(listing) !== undefined;
  for (const other of found) {
    if (isMeant(other) || !(await mayBeTaken(store, other, wanted, { isListed, signal }))) continue;
    const rival = formatDigest(other.descriptor.digest);
    throw notChosen(
      store,
      digest,
      `${rival} is listed for ${shown(wanted)} too, and may be run in its place`,
    );
  }
}

/** Of what names no platform there has to be one alone. */
async function assertOnly(
  store: ImageStore,
  found: readonly FoundManifest[],
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const { descriptor } = await choosePlatform(store, found, { wanted: undefined, signal });
    if (isSameDigest(descriptor.digest, digest)) return;
    throw notChosen(store, digest, `${formatDigest(descriptor.digest)} is what an index leads to`);
  } catch (error) {
    if (!isMlbomError(error) || error.code !== 'E_USAGE') throw error;
    throw notChosen(store, digest, `it is one of several: ${error.message}`);
  }
}

async function mayBeTaken(
  store: ImageStore,
  other: FoundManifest,
  wanted: Platform,
  { isListed, signal }: { isListed: boolean; signal: AbortSignal | undefined },
): Promise<boolean> {
  const listed = listedPlatform(other);
  if (listed) return isSamePlatform(wanted, listed);
  const config = await configIn(store, other.descriptor, signal);
  if (!config) return false;
  // Some take the first without a platform where none is listed for theirs.
  return !isListed || config.platform === undefined || isSamePlatform(wanted, config.platform);
}

/** Many configurations leave the variant out that the index has. */
function fits(listed: Platform | undefined, meant: Platform | undefined): boolean {
  return listed === undefined || meant === undefined || matchesPlatform(meant, listed);
}

/** That of its own entry, or else of the innermost index around it that has one. */
function listedPlatform({ descriptor, indexes }: FoundManifest): Platform | undefined {
  return descriptor.platform ?? indexes.findLast(({ platform }) => platform !== undefined)?.platform;
}

function shown(platform: Platform | undefined): string {
  return platform && !isUnknownPlatform(platform) ? formatPlatform(platform) : 'no platform';
}

function notChosen(store: ImageStore, digest: Digest, why: string): MlbomError {
  const subject = formatDigest(digest);
  return new MlbomError(
    'E_DIGEST',
    `${store.uri}: of the index there, ${subject} is not what is run: ${why}`,
    {
      subject,
      rule: 'image-not-chosen',
      next: 'name the image by its digest, and run it by its digest',
    },
  );
}
