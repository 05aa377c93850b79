import { formatDigest, type Digest } from '../../core/digest.ts';
import type { Descriptor } from '../../core/image.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { MlbomError } from '../../core/errors.ts';
import { parseDigest } from '../../formats/oci/digest.ts';
import type { ModelScheme } from '../../formats/oci/model-artifact.ts';

/**
 * The digests of the unpacked layers that an artifact promises, one for each layer, undefined where it promises none:
 * ModelPack's `modelfs`, Docker's `rootfs` or `files`, the elements of a Kitfile by the digest of their layer, and what
 * oras writes beside a packed directory. Each has to be held against the bytes.
 * @param config as `readModelConfig` gives it
 * @throws MlbomError `E_MALFORMED` (`diff-ids`) when there are more or fewer than layers, or one is no digest
 */
export function promisedDiffIds(
  scheme: ModelScheme,
  config: JsonObject,
  layers: readonly Descriptor[],
): readonly (Digest | undefined)[] {
  switch (scheme) {
    case 'modelpack':
      return inOrder([listAt(config, 'modelfs', 'diffIds'), listAt(config, 'modelfs', 'diff_ids')], layers);
    case 'docker-ai': {
      const files = listAt(config, 'files')?.map((file) =>
        isObject(file) ? textAt(file, 'diffID') : undefined,
      );
      return inOrder([listAt(config, 'rootfs', 'diff_ids'), files], layers);
    }
    case 'kitops':
      return ofKitfile(config, layers);
    case 'oras':
      return layers.map(({ annotations }) => {
        const text = annotations['io.deis.oras.content.digest'];
        return text === undefined ? undefined : digestOf(text);
      });
    case 'ollama':
      return layers.map(() => undefined);
  }
}

/** Those of the first list that there is. */
function inOrder(
  lists: readonly (readonly unknown[] | undefined)[],
  layers: readonly Descriptor[],
): readonly (Digest | undefined)[] {
  const list = lists.find((each) => each !== undefined && each.length > 0);
  if (list === undefined) return layers.map(() => undefined);
  if (list.length !== layers.length)
    throw malformed(`${list.length} digests of unpacked layers for ${layers.length} layers`);
  return list.map((text) => {
    if (typeof text === 'string') return digestOf(text);
    throw malformed('a digest of an unpacked layer is no text');
  });
}

/** `digest` and `diffId` of the model, its parts, and the entries of each list; older Kitfiles have neither. */
function ofKitfile(kitfile: JsonObject, layers: readonly Descriptor[]): readonly (Digest | undefined)[] {
  const model = valueAt(kitfile, 'model');
  const elements = [
    model,
    ...(listAt(model, 'parts') ?? []),
    ...['code', 'datasets', 'docs'].flatMap((name) => listAt(kitfile, name) ?? []),
  ];
  const promised = new Map<string, Digest>();
  for (const element of elements) {
    const [digest, diffId] = [textAt(element, 'digest'), textAt(element, 'diffId')];
    if (digest !== undefined && diffId !== undefined) promised.set(digest, digestOf(diffId));
  }
  return layers.map(({ digest }) => promised.get(formatDigest(digest)));
}

function listAt(value: unknown, ...names: string[]): readonly unknown[] | undefined {
  const list = valueAt(value, ...names);
  return Array.isArray(list) ? list : undefined;
}

function digestOf(text: string): Digest {
  return parseDigest(text, 'a digest of an unpacked layer');
}

function malformed(message: string): MlbomError {
  return new MlbomError('E_MALFORMED', `the configuration of the model: ${message}`, { rule: 'diff-ids' });
}
