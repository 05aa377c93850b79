import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { finding, type FindingRule } from '../../core/finding.ts';
import type { JsonObject } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { readYamlFile } from '../yaml-file.ts';
import { computedTarget, dangerousTarget, foreignTarget } from './rules.ts';
import { judge, targetsIn, type Judgement } from './targets.ts';

const rules: Partial<Record<Judgement, FindingRule>> = {
  dangerous: dangerousTarget,
  foreign: foreignTarget,
  computed: computedTarget,
};

/** Targets that one configuration is told of. */
const most = 100;

/**
 * Configurations that name code to call: NeMo's `model_config.yaml` (alone or in a `.nemo` archive), Hydra's YAML with
 * `_target_`.
 */
export const hydra: FileCollector = {
  id: 'hydra',
  version: 1,
  rules: [dangerousTarget, foreignTarget, computedTarget],
  wants: ({ path }, head) => {
    if (!/\.ya?ml$/i.test(path)) return false;
    const text = Buffer.from(head).toString('latin1');
    return nameOf(path) === 'model_config.yaml' ? text.trim() !== '' : text.includes('_target_');
  },
  async collect(entry): Promise<Collected> {
    const config = await readYamlFile(entry);
    if (!config) return nothing;
    const findings = targetsIn(config).flatMap(({ target, at }) => {
      const rule = rules[judge(target)];
      return rule
        ? [finding(rule, entry.path, `${at} names ${target.slice(0, 200)}`, { symbol: target.slice(0, 200) })]
        : [];
    });
    return {
      facts: nemoFacts(config, entry.path, entry.container !== undefined),
      problems: [],
      findings: findings.slice(0, most),
    };
  },
};

/** NeMo's configuration says which class restores the model, and which release wrote it. */
function nemoFacts(config: JsonObject, path: string, isMember: boolean): Collected['facts'] {
  const target = textAt(config, 'target');
  const version = textAt(config, 'nemo_version');
  if (target === undefined && version === undefined) return [];
  const attributes = attributesFrom(path, 'hydra');
  attributes.add('modelArchitecture', target?.split('.').at(-1), 'target');
  attributes.add('mlbom:model:classes', target, 'target');
  attributes.add('mlbom:model:library', 'nemo', 'target');
  attributes.add('mlbom:model:producer', version && `nemo ${version}`, 'nemo_version');
  if (isMember) attributes.add('mlbom:model:format', 'nemo', 'archive');
  const about = isMember
    ? ({ kind: 'weights', path } as const)
    : ({ kind: 'directory', path: directoryOf(path) } as const);
  return [{ about, type: 'machine-learning-model', attributes: attributes.list, relations: [] }];
}
