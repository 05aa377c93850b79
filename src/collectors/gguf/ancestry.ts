import type { Relation, Target } from '../../core/fact.ts';
import { datasetTarget, hubDatasetTarget, modelTarget } from '../../core/hub.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import type { AttributeList } from '../attributes.ts';
import type { GgufMetadata } from './metadata.ts';

/** More base models than any merge has; the header's own count is not believed. */
const mostBases = 64;

/** `general.base_model.N.*` and `general.dataset.N.*`, and the older `general.datasets`. */
export function ggufAncestry(metadata: GgufMetadata, attributes: AttributeList): Relation[] {
  const relations: Relation[] = [];
  const bases = numbered('general.base_model', metadata, modelTarget);
  for (const [key, to] of bases) {
    // A finetune names what it was tuned for; llama.cpp has no key for the relation itself.
    const how = bases.length > 1 ? 'merge' : metadata.text('general.finetune') ? 'finetune' : 'unspecified';
    relations.push({ type: 'base-model', how, to, evidence: attributes.evidence(key) });
  }
  const datasets = numbered('general.dataset', metadata, datasetTarget);
  for (const [key, to] of datasets)
    relations.push({ type: 'dataset', to, evidence: attributes.evidence(key) });
  for (const name of metadata.texts('general.datasets')) {
    relations.push({
      type: 'dataset',
      to: hubDatasetTarget(name),
      evidence: attributes.evidence('general.datasets'),
    });
  }
  return relations;
}

function numbered(
  prefix: string,
  metadata: GgufMetadata,
  targetOf: (text: string) => Target,
): [key: string, to: Target][] {
  const count = Math.min(metadata.number(`${prefix}.count`) ?? 0, mostBases);
  return Array.from({ length: count }, (_, index) => `${prefix}.${index}`).flatMap(
    (key): [string, Target][] => {
      const url = metadata.text(`${key}.repo_url`) ?? metadata.text(`${key}.url`);
      const name = metadata.text(`${key}.name`);
      const version = metadata.text(`${key}.version`);
      const text = url ?? name;
      if (text === undefined) return [];
      const target = targetOf(text);
      // The last part of a URL says less than a title, and the id of a repository says more.
      const named =
        name !== undefined && !target.name.includes('/') ? { ...target, name: targetOf(name).name } : target;
      return [
        [
          key,
          { ...named, ...(version === undefined ? {} : { version: shortened(version, limits.versionText) }) },
        ],
      ];
    },
  );
}
