import { readBom } from '../../bom/read.ts';
import { writeBom } from '../../bom/write.ts';
import type { Bom } from '../../core/bom.ts';
import { canonicalBytes, canonicalJson } from '../../core/canonical-json.ts';
import { check, note, notExamined, type Check } from '../../core/check.ts';
import { formatDigest, sha256, type Digest } from '../../core/digest.ts';
import { isMlbomError } from '../../core/errors.ts';
import type { ImageStore } from '../../core/image.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { compareCodePoints } from '../../core/order.ts';
import type { Problem } from '../../core/problem.ts';
import { cyclonedxPredicateType, type Statement } from '../../core/statement.ts';
import type { Identity } from '../../signing/identity.ts';
import type { PublicKey } from '../../signing/public-key.ts';
import { verifyBundle } from '../../signing/verify-bundle.ts';
import { firstDifference } from '../first-difference.ts';
import { findAttached, readAttached, type AttachedDocument } from './attached.ts';
import { isAbout } from './attached-statement.ts';
import { imageDigestsOf } from './image-digests-of.ts';

export interface AttachedBomOptions {
  readonly store: ImageStore;
  /** The image that is meant: its manifest, then the indexes that lead to it. */
  readonly subjects: readonly Digest[];
  /** Whom the reader trusts; at least one. */
  readonly keys: readonly PublicKey[];
  readonly signal?: AbortSignal | undefined;
}

export interface AttachedBom {
  /** `bundle`, `signature`, `identity`, `statement`, `image`, then `plain-bom` and `referrers` where there is cause. */
  readonly checks: readonly Check[];
  /** What was signed about the image; only when a bundle passed all of its checks. */
  readonly signed?: SignedBom;
}

export interface SignedBom {
  readonly bom: Bom;
  readonly statement: Statement<JsonObject>;
  readonly signer: Identity;
  /** Of the manifest that brings the bundle. */
  readonly referrer: Digest;
  /** What the BOM was found to be about. */
  readonly subject: Digest;
}

/** A bundle beside the image, after everything that can be asked of it was asked. */
interface Judged {
  readonly document: Placed;
  readonly checks: readonly Check[];
  readonly signed?: SignedBom;
}

type Placed = AttachedDocument & { readonly subject: Digest };

/**
 * The BOM that a trusted signer signed about an image, from what lies beside it in its registry or layout. Bundles of
 * strangers decide nothing as long as one is a trusted signer's: anybody who may push may add them. Of several signed
 * BOMs the one with the latest timestamp is taken. A plain BOM beside it must be a signed one: scanners take the first
 * that they can read, and nobody verifies that.
 * @throws MlbomError `E_USAGE` when nobody is trusted; `E_UNREACHABLE`, `E_ABORTED`
 */
export async function attachedBom(options: AttachedBomOptions): Promise<AttachedBom> {
  const { store, subjects, signal } = options;
  const documents: Placed[] = [];
  const problems: Problem[] = [];
  for (const subject of subjects) {
    const found = await findAttached(store, subject, signal);
    documents.push(...found.documents.map((document) => ({ ...document, subject })));
    problems.push(...found.problems);
  }
  const listing = problems.map(listingCheck);
  const bundles = documents.filter(isSignedBom);
  if (bundles.length > limits.attachedBundles) {
    const why = `${bundles.length} bundles beside the image, more than ${limits.attachedBundles}`;
    return { checks: [check('bundle', 'unknown', why), ...unexamined, ...listing] };
  }
  const judged: Judged[] = [];
  for (const document of bundles) judged.push(await judge(document, options));
  const [chosen, ...others] = judged.flatMap(({ signed }) => signed ?? []).toSorted(byTimestamp);
  if (!chosen) return { checks: [...refusal(judged, subjects), ...listing] };
  const own = judged.find(({ signed }) => signed === chosen);
  const plain = await plainChecks(documents, [chosen, ...others], options);
  return {
    checks: [
      ...(own?.checks ?? []),
      ...others.flatMap((other) => otherCheck(other, chosen)),
      ...judged.filter(({ signed }) => !signed).map(strangerCheck),
      ...plain,
      ...listing,
    ],
    signed: chosen,
  };
}

const unexamined = ['signature', 'identity', 'statement', 'image'].map(notExamined);

/** An annotation that names another predicate is believed: it can only hide a BOM, as leaving out the bundle can. */
function isSignedBom({ kind, predicateType }: AttachedDocument): boolean {
  return (
    kind === 'sigstore-bundle' && (predicateType === undefined || predicateType === cyclonedxPredicateType)
  );
}

async function judge(document: Placed, { store, keys, signal }: AttachedBomOptions): Promise<Judged> {
  const about = { subject: formatDigest(document.digest) };
  let bytes;
  try {
    bytes = await readAttached(store, document, signal);
  } catch (error) {
    return { document, checks: [unreadCheck('bundle', error, about), ...unexamined] };
  }
  const { checks, statement, signer } = await verifyBundle(
    bytes,
    { keys },
    {
      predicateType: cyclonedxPredicateType,
    },
  );
  const before = checks.map((one) => ({ ...one, ...about }));
  if (!statement || !signer) return { document, checks: [...before, notExamined('image')] };
  const { image, bom } = aboutImage(statement, document);
  const all = [...before, image];
  if (!bom) return { document, checks: all };
  const { digest: referrer, subject } = document;
  return { document, checks: all, signed: { bom, statement, signer, referrer, subject } };
}

/** Whether the signed statement, and the BOM in it, are about the image beside which they were found. */
function aboutImage(
  statement: Statement<JsonObject>,
  { digest, subject }: Placed,
): { image: Check; bom?: Bom } {
  const expected = formatDigest(subject);
  const rest = { subject: formatDigest(digest), expected };
  const named = statement.subject.flatMap((one) => one.digest['sha256'] ?? []);
  if (!isAbout(statement as unknown as JsonObject, subject)) {
    const actual = named.slice(0, 3).map((hex) => `sha256:${hex}`);
    const why = 'signed about something else than the image beside which it lies';
    return { image: check('image', 'fail', why, { ...rest, actual: actual.join(', ') }) };
  }
  try {
    const bom = readBom(canonicalJson(statement.predicate), 'the signed BOM');
    const stated = imageDigestsOf(bom);
    if (stated.includes(expected)) {
      const why = 'the statement and the BOM are about this image';
      return { image: check('image', 'pass', why, { ...rest, actual: expected }), bom };
    }
    const why = 'the signed BOM is not about the image that its statement names';
    return { image: check('image', 'fail', why, { ...rest, actual: stated.slice(0, 3).join(', ') }) };
  } catch (error) {
    return { image: unreadCheck('image', error, rest) };
  }
}

/** Of several that do not hold, the one that went furthest says most. */
function refusal(judged: readonly Judged[], subjects: readonly Digest[]): Check[] {
  const furthest = judged.toSorted((a, b) => passes(b) - passes(a))[0];
  if (!furthest) {
    const subject = subjects.map(formatDigest).join(', ');
    const why = 'there is no signature: no signed BOM lies beside the image';
    return [check('bundle', 'fail', why, { subject }), ...unexamined];
  }
  return [...furthest.checks, ...judged.filter((one) => one !== furthest).map(strangerCheck)];
}

function passes({ checks }: Judged): number {
  return checks.filter(({ outcome }) => outcome === 'pass').length;
}

function strangerCheck({ document, checks }: Judged): Check {
  const reason = checks.find(({ outcome }) => outcome !== 'pass')?.why ?? '';
  return note('bundle', 'unknown', `does not count: ${reason}`, { subject: formatDigest(document.digest) });
}

function otherCheck({ bom, referrer }: SignedBom, chosen: SignedBom): Check[] {
  if (firstDifference(bom, chosen.bom) === undefined) return [];
  const why = `another BOM of ${timeOf(bom)}, signed as well; the latest counts, of ${timeOf(chosen.bom)}`;
  return [note('bundle', 'unknown', why, { subject: formatDigest(referrer) })];
}

function timeOf({ metadata }: Bom): string {
  return metadata?.timestamp?.slice(0, 40) ?? 'an unknown time';
}

/** The latest first; of equal ones always the same. */
function byTimestamp(a: SignedBom, b: SignedBom): number {
  return instant(b.bom) - instant(a.bom) || compareCodePoints(nameOf(a), nameOf(b));
}

function instant({ metadata }: Bom): number {
  const time = Date.parse(metadata?.timestamp ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function nameOf({ statement }: SignedBom): string {
  return sha256(canonicalBytes(statement));
}

/** Every plain BOM beside the image against the signed ones. */
async function plainChecks(
  documents: readonly Placed[],
  signed: readonly SignedBom[],
  { store, signal }: AttachedBomOptions,
): Promise<Check[]> {
  const plain = documents.filter(({ kind }) => kind === 'cyclonedx');
  if (plain.length > limits.attachedBundles) {
    return [check('plain-bom', 'unknown', `${plain.length} BOMs lie beside the image: too many to compare`)];
  }
  const checks: Check[] = [];
  for (const document of plain) {
    const rest = {
      subject: formatDigest(document.digest),
      expected: signed.map(({ bom }) => `sha256:${sha256(writeBom(bom))}`).join(', '),
      actual: formatDigest(document.content.digest),
    };
    try {
      const bom = readBom(await readAttached(store, document, signal), 'the BOM beside the image');
      const same = signed.some((one) => firstDifference(one.bom, bom) === undefined);
      const why = same
        ? 'the BOM beside the image is a signed one'
        : 'a BOM that nobody signed lies beside the image';
      checks.push(check('plain-bom', same ? 'pass' : 'fail', why, rest));
    } catch (error) {
      checks.push(unreadCheck('plain-bom', error, rest));
    }
  }
  return checks;
}

/** A list that contradicts itself was tampered with; one that names what is gone was only not kept. */
function listingCheck({ code, effect, path, reason }: Problem): Check {
  const about = { subject: path };
  if (effect === 'contradiction') return check('referrers', 'fail', reason, about);
  return note('referrers', 'unknown', `not read (${code}): ${reason}`, about);
}

/** What is wrong with a document is an answer; what is out of reach is none. */
function unreadCheck(id: string, error: unknown, rest: Partial<Check>): Check {
  if (!isMlbomError(error)) throw error;
  if (error.code === 'E_DIGEST' || error.code === 'E_MALFORMED')
    return check(id, 'fail', error.message, rest);
  if (!['E_NOT_FOUND', 'E_LIMIT', 'E_UNSUPPORTED'].includes(error.code)) throw error;
  return check(id, 'unknown', error.message, rest);
}
