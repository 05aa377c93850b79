import { formatDigest } from '../../core/digest.ts';
import { isMlbomError, messageOf } from '../../core/errors.ts';
import type { ResolvedImage } from '../../core/image.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { AttachedReference } from '../../inventory/collected-image.ts';
import { attachedStatement, imageMaterials, isAbout, type ImageMaterial } from './attached-statement.ts';
import { isOwn } from './referrer-manifest.ts';
import { findAttached, findBuildkitAttestations, readAttached, type AttachedDocument } from './attached.ts';

/** What lies beside an image, listed; nothing of it is verified but that it has its digest. */
export interface AttachedReferences {
  readonly list: readonly AttachedReference[];
  /** Images that a build says to have used. */
  readonly materials: readonly ImageMaterial[];
  readonly problems: readonly Problem[];
}

/**
 * BOMs, signatures and attestations beside the image: BuildKit's in its index, referrers, cosign's tags. What `attach`
 * put there is left out: the BOM of an image is the same before and after.
 * @throws MlbomError `E_ABORTED`; what else goes wrong is a problem: nothing in the image depends on it
 */
export async function attachedReferences(
  image: ResolvedImage,
  signal: AbortSignal | undefined,
): Promise<AttachedReferences> {
  const digest = image.manifest?.descriptor.digest;
  if (!digest) return { list: [], materials: [], problems: [] };
  const problems: Problem[] = [];
  const documents: AttachedDocument[] = [];
  const materials: ImageMaterial[] = [];
  await attempt('what lies beside it', async () => {
    for (const found of [
      await findBuildkitAttestations(image, signal),
      await findAttached(image.store, digest, signal),
    ]) {
      documents.push(...found.documents);
      problems.push(...found.problems);
    }
  });
  for (const document of documents.filter(isProvenance)) {
    await attempt(`the provenance ${formatDigest(document.content.digest)}`, async () => {
      const statement = attachedStatement(document, await readAttached(image.store, document, signal));
      if (isAbout(statement, digest)) materials.push(...imageMaterials(statement));
    });
  }
  const others = documents.filter(({ content }) => !isOwn(content));
  return { list: others.map(referenceTo), materials, problems };

  async function attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isMlbomError(error) || error.code === 'E_ABORTED') throw error;
      problems.push(incomplete('attached-unread', '.', `${what}: ${messageOf(error)}`));
    }
  }
}

function isProvenance({ predicateType = '' }: AttachedDocument): boolean {
  return predicateType.startsWith('https://slsa.dev/provenance/');
}

function referenceTo({
  digest,
  content,
  artifactType,
  predicateType,
  how,
}: AttachedDocument): AttachedReference {
  return {
    digest,
    mediaType: content.mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(predicateType === undefined ? {} : { predicateType }),
    how,
  };
}
