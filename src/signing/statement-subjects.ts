import type { Bom, Component } from '../core/bom.ts';
import { componentsOf, labelOf, propertyOf } from '../core/components-of.ts';
import { isHexOf } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { compareCodePoints } from '../core/order.ts';
import type { Subject } from '../core/statement.ts';

/** A file of weights and what decides its rank. */
interface RankedFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/**
 * What the signature of a BOM is about, most important first, each digest once, at most `limits.subjects`:
 * artifact digests and the digests of images, OMS roots, then files with tensors, larger before smaller. Other files are no subjects of their
 * own: a licence text that lies in a thousand repositories would pass for this model's.
 * @throws MlbomError `E_MALFORMED` for a digest that is not one
 */
export function statementSubjects(bom: Bom): Subject[] {
  const artifacts: Subject[] = [];
  const images: Subject[] = [];
  const roots: Subject[] = [];
  const files: RankedFile[] = [];
  for (const { component, pointer } of componentsOf(bom)) {
    if (propertyOf(component, 'mlbom:hash:scope') === 'manifest')
      artifacts.push(...artifactOf(component, pointer));
    images.push(...imageOf(component, pointer));
    roots.push(...omsRootOf(component, pointer));
    files.push(...fileOf(component, pointer));
  }
  files.sort(byRank);
  return unique([
    ...artifacts,
    ...images,
    ...roots,
    ...files.map(({ path, sha256 }) => subject(path, sha256)),
  ]);
}

function artifactOf(component: Component, pointer: string): Subject[] {
  const sha256 = sha256Of(component, pointer);
  return sha256 === undefined ? [] : [subject(labelOf(component), sha256)];
}

/** The manifest of an image, and the configuration, by which engines know it once it is pulled. */
function imageOf(component: Component, pointer: string): Subject[] {
  const name = labelOf(component);
  const named = [
    { name, property: propertyOf(component, 'mlbom:oci:manifest-digest') },
    { name: `${name} (configuration)`, property: propertyOf(component, 'mlbom:oci:config-digest') },
  ];
  return named.flatMap(({ name, property }) =>
    property?.startsWith('sha256:')
      ? [subject(name, checked(property.slice('sha256:'.length), pointer))]
      : [],
  );
}

function omsRootOf(component: Component, pointer: string): Subject[] {
  const root = propertyOf(component, 'mlbom:oms:root');
  return root === undefined ? [] : [subject(`${labelOf(component)} (OMS root)`, checked(root, pointer))];
}

function fileOf(component: Component, pointer: string): RankedFile[] {
  const path = propertyOf(component, 'mlbom:file:path');
  if (component.type !== 'file' || path === undefined) return [];
  if (propertyOf(component, 'mlbom:file:tensor-root') === undefined) return [];
  const sha256 = sha256Of(component, pointer);
  const size = Number(propertyOf(component, 'mlbom:file:size') ?? NaN);
  return sha256 === undefined ? [] : [{ path, sha256, size: Number.isSafeInteger(size) ? size : 0 }];
}

function byRank(a: RankedFile, b: RankedFile): number {
  return b.size - a.size || compareCodePoints(a.path, b.path);
}

function unique(subjects: readonly Subject[]): Subject[] {
  const byDigest = new Map<string | undefined, Subject>();
  for (const one of subjects) {
    if (byDigest.size === limits.subjects) break;
    if (!byDigest.has(one.digest['sha256'])) byDigest.set(one.digest['sha256'], one);
  }
  return [...byDigest.values()];
}

function sha256Of(component: Component, pointer: string): string | undefined {
  const hash = component.hashes?.find(({ alg }) => alg === 'SHA-256');
  return hash && checked(hash.content, pointer);
}

/** CycloneDX allows capitals in a hash; in-toto does not. */
function checked(text: string, pointer: string): string {
  const hex = text.toLowerCase();
  if (isHexOf('sha256', hex)) return hex;
  throw new MlbomError('E_MALFORMED', `BOM: the SHA-256 at ${pointer} is not one`, { subject: 'BOM' });
}

function subject(name: string, sha256: string): Subject {
  return { name, digest: { sha256 } };
}
