import type { ModelCard, Property } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Attribute } from '../core/fact.ts';
import { formatDigest } from '../core/digest.ts';
import type { ImageDigests, Item, WholeArtifact } from '../core/inventory.ts';
import { compareCodePoints } from '../core/order.ts';
import { vocabulary, type PropertyName } from '../core/vocabulary.ts';
import type { Cited } from './citations-of.ts';

/**
 * Everything about an item that CycloneDX has no field for, sorted by name and value.
 * `card` is the model card of what is no model: CycloneDX allows `modelCard` on models alone.
 */
export function propertiesOf(
  item: Item,
  card: ModelCard | undefined,
  pointer: string,
  cited: Cited[],
): Property[] {
  const own = item.attributes.filter(isProperty);
  const listed = [
    ...own.map((attribute) => ({
      ...property(attribute.name, attribute.value),
      evidence: attribute.evidence,
    })),
    ...fileProperties(item),
    ...artifactProperties(item),
    ...(card ? [property('mlbom:card', canonicalJson(card))] : []),
    ...accounts(item),
  ].sort((a, b) => compareCodePoints(a.name, b.name) || compareCodePoints(a.value, b.value));
  return listed.map(({ name, value, evidence }, index) => {
    if (evidence) cited.push({ pointer: `${pointer}/properties/${index}`, evidence });
    return { name, value };
  });
}

interface Listed {
  readonly name: PropertyName;
  readonly value: string;
  readonly evidence?: Attribute['evidence'];
}

function isProperty(attribute: Attribute): attribute is Extract<Attribute, { name: PropertyName }> {
  return Object.hasOwn(vocabulary, attribute.name);
}

function property(name: PropertyName, value: string | number): Listed {
  return { name, value: String(value) };
}

function* fileProperties({ file }: Item): Generator<Listed> {
  if (!file) return;
  yield property('mlbom:file:path', file.path);
  yield property('mlbom:file:size', file.size);
  if (file.chunkSize !== undefined) yield property('mlbom:file:chunk-size', file.chunkSize);
  if (file.chunkRoot !== undefined) yield property('mlbom:file:chunk-root', file.chunkRoot);
  if (file.tensorRoot !== undefined) yield property('mlbom:file:tensor-root', file.tensorRoot);
  if (file.link !== undefined) yield property('mlbom:file:link', file.link);
  if (file.introducedBy !== undefined) yield property('mlbom:oci:introduced-by', file.introducedBy);
  for (const promise of file.kept) yield property('mlbom:file:promised', promise);
}

function* artifactProperties({ artifact }: Item): Generator<Listed> {
  if (!artifact) return;
  if (artifact.image) yield* imageProperties(artifact.image, artifact.whole !== undefined);
  if (artifact.whole) yield* wholeProperties(artifact.whole);
  for (const { path, reason } of artifact.excluded)
    yield property('mlbom:artifact:excluded', `${path} (${reason})`);
}

/** The digests by which registries and runtimes know an image; one of them is its hash, unless its files have their own. */
function* imageProperties({ manifest, config }: ImageDigests, hasWhole: boolean): Generator<Listed> {
  if (!hasWhole) yield property('mlbom:hash:scope', manifest ? 'oci-manifest' : 'oci-config');
  if (manifest) yield property('mlbom:oci:manifest-digest', formatDigest(manifest));
  yield property('mlbom:oci:config-digest', formatDigest(config));
}

function* wholeProperties({ manifest: { files }, omsRoot }: WholeArtifact): Generator<Listed> {
  yield property('mlbom:hash:scope', 'manifest');
  yield property('mlbom:oms:root', omsRoot);
  yield property('mlbom:artifact:files', files.length);
  yield property(
    'mlbom:artifact:bytes',
    files.reduce((sum, file) => sum + file.size, 0),
  );
}

/** Where values come from, where they disagree, and what could not be read. */
function* accounts(item: Item): Generator<Listed> {
  // Of a file there is nothing but what its own bytes say.
  for (const { name, evidence } of item.file ? [] : item.attributes) {
    yield property('mlbom:evidence', canonicalJson({ attribute: name, ...evidence }));
  }
  for (const { attribute, statements } of item.conflicts) {
    const sides = statements.map(({ value, evidence }) => ({
      value,
      basis: evidence.basis,
      source: evidence.source,
    }));
    yield property('mlbom:conflict', canonicalJson({ attribute, statements: sides }));
  }
  for (const { code, effect, path, reason } of item.problems) {
    yield property('mlbom:problem', canonicalJson({ code, effect, path, reason }));
  }
}
