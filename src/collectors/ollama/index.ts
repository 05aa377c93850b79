import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isHexOf } from '../../core/digest.ts';
import type { Relation } from '../../core/fact.ts';
import type { ListedFile } from '../../core/file-list.ts';
import { isCount, numberAt, textAt, valueAt } from '../../core/json-access.ts';
import { attributesFrom } from '../attributes.ts';
import { readJsonFile } from '../json-file.ts';
import { templateRules } from '../template-rules.ts';
import { collectLayer, layerKind } from './layer-file.ts';

/** `models/manifests/<host>/<namespace>/<model>/<tag>`, beside `models/blobs`. */
const place = /^((?:.*\/)?)manifests\/[^/]+\/([^/]+)\/([^/]+)\/([^/]+)$/;
const media = 'application/vnd.ollama.image.';
/** Layers of one model; those that are split by tensor have a few thousand. */
const most = 10_000;

/**
 * The local store of Ollama: a manifest a tag, which names its layers by digest, and each layer a blob under that name.
 * The blobs are held against the digests that name them; weights among them are read by content. Of a model in a
 * registry, the layers that are texts: template, system prompt, parameters, messages, licence.
 */
export const ollama: FileCollector = {
  id: 'ollama',
  version: 2,
  rules: templateRules,
  wants: ({ path, size }, head) =>
    (head[0] === 0x7b && size <= 4 * 1024 * 1024 && place.test(path)) ||
    (head.length > 0 && layerKind(path) !== undefined),
  async collect(entry): Promise<Collected> {
    if (layerKind(entry.path) !== undefined) return collectLayer(entry);
    const manifest = await readJsonFile(entry);
    const [, root = '', namespace = '', model = '', tag = ''] = place.exec(entry.path) ?? [];
    const listed: unknown = valueAt(manifest, 'layers');
    const layers = [valueAt(manifest, 'config'), ...(isList(listed) ? listed.slice(0, most) : [])].flatMap(
      (layer) => layerOf(layer, root),
    );
    if (!layers.some(({ type }) => type.startsWith(media))) return nothing;
    const attributes = attributesFrom(entry.path, 'ollama');
    attributes.add(
      'name',
      namespace === 'library' ? `${model}:${tag}` : `${namespace}/${model}:${tag}`,
      'path',
    );
    attributes.add('mlbom:model:library', 'ollama');
    for (const { type, path } of layers.slice(0, 64)) {
      attributes.add('mlbom:model:header', `${type.replace(media, '')}=${path.slice(root.length)}`, 'layers');
    }
    const weights = layers.filter(({ type }) =>
      /image\.(?:model|adapter|projector|tensor|draft)$/.test(type),
    );
    return {
      facts: [
        {
          about: { kind: 'weights', path: entry.path },
          type: 'machine-learning-model',
          attributes: attributes.list,
          relations: weights.map(({ path, size = 0 }): Relation => {
            return { type: 'part', path, bytes: size, evidence: attributes.evidence('layers') };
          }),
        },
      ],
      problems: [],
      findings: [],
      lists: [
        { component: `ollama:${entry.path}`, path: entry.path, files: layers, owns: [], describes: true },
      ],
    };
  },
};

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The blob of a layer: `sha256:<hex>` lies at `blobs/sha256-<hex>`. */
function layerOf(layer: unknown, root: string): (ListedFile & { type: string })[] {
  const hex = textAt(layer, 'digest')?.replace(/^sha256:/, '') ?? '';
  if (!isHexOf('sha256', hex)) return [];
  const size = numberAt(layer, 'size');
  return [
    {
      path: `${root}blobs/sha256-${hex}`,
      digest: { algorithm: 'sha256', hex },
      ...(isCount(size) ? { size } : {}),
      type: textAt(layer, 'mediaType') ?? '',
    },
  ];
}
