import { isObject, parseJson } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { textMember, textsMember } from './members.ts';
import { malformed, ociError } from './oci-error.ts';

/** One image of a `manifest.json`: names of members of the archive. */
export interface SavedImage {
  readonly config: string;
  /** `team/app:v1` */
  readonly tags: readonly string[];
  /** Lowest first; the same name may stand in it twice. */
  readonly layers: readonly string[];
}

/**
 * `manifest.json` of what `docker save` writes (Docker's image-spec 1.2, "Combined Image JSON + Filesystem Changeset").
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export function readSaveManifest(bytes: Uint8Array, what = 'manifest.json'): readonly SavedImage[] {
  if (bytes.length > limits.imageManifestBytes) {
    throw ociError('E_LIMIT', 'manifest-bytes', what, `larger than ${limits.imageManifestBytes} bytes`);
  }
  const list = parseJson(bytes, { subject: what });
  if (!Array.isArray(list)) throw malformed('save-manifest', what, 'no list of images');
  if (list.length > limits.imageDescriptors) {
    throw ociError(
      'E_LIMIT',
      'descriptors',
      what,
      `${list.length} images, more than ${limits.imageDescriptors}`,
    );
  }
  return list.map((image) => {
    const config = isObject(image) ? textMember(image, 'Config', what) : undefined;
    if (!isObject(image) || config === undefined) {
      throw malformed('save-manifest', what, 'an image without a configuration');
    }
    const layers = textsMember(image, 'Layers', what);
    if (layers.length > limits.imageLayers) {
      throw ociError('E_LIMIT', 'layers', what, `${layers.length} layers, more than ${limits.imageLayers}`);
    }
    return { config, tags: textsMember(image, 'RepoTags', what), layers };
  });
}
