import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding, type FindingRule } from '../../core/finding.ts';
import { decodeUtf8, isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { attributesFrom } from '../attributes.ts';
import { isPackaged } from '../is-packaged.ts';
import { computedTarget, dangerousTarget, foreignTarget } from './rules.ts';
import { judge, targetsIn, type Judgement } from './targets.ts';

const rules: Partial<Record<Judgement, FindingRule>> = {
  dangerous: dangerousTarget,
  foreign: foreignTarget,
  computed: computedTarget,
};

/** A text without any of it has no target: the word, or an escape by which a key may be written. */
const mention = /target|nemo_version|\\(?:[xuU\r\n]|$)/;
/** The key itself, plain or with escapes. */
const meant = /_target_|"[^"\n]{0,64}\\[xuU][^"\n]{0,64}"\s*:/;

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
  wants: ({ path, size }, head) => {
    if (!/\.ya?ml$/i.test(path) || head.length === 0) return false;
    if (!isPackaged(path) && size <= limits.configBytes) return true;
    return nameOf(path) === 'model_config.yaml' || Buffer.from(head).includes('_target_');
  },
  async collect(entry): Promise<Collected> {
    const bytes = Buffer.from(await readAll(entry, limits.configBytes, entry.path));
    const isModelConfig = nameOf(entry.path) === 'model_config.yaml';
    if (!mention.test(bytes.toString('latin1'))) return nothing;
    const config = await parsed(bytes, entry.path, isModelConfig);
    if (!isObject(config)) return nothing;
    const isNemo = isModelConfig || Object.hasOwn(config, 'nemo_version');
    const findings = targetsIn(config, isNemo).flatMap(({ target, at }) => {
      const rule = rules[judge(target)];
      return rule
        ? [finding(rule, entry.path, `${at} names ${target.slice(0, 200)}`, { symbol: target.slice(0, 200) })]
        : [];
    });
    return {
      facts: isNemo ? nemoFacts(config, entry.path, entry.container !== undefined) : [],
      problems: [],
      findings: findings.slice(0, most),
    };
  },
};

/** YAML of all kinds is looked at, templates of YAML too: what cannot be read matters where a target is meant. */
async function parsed(bytes: Buffer, path: string, isModelConfig: boolean): Promise<JsonValue> {
  try {
    return await parseYaml(decodeUtf8(bytes, path), path);
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    if (isModelConfig || meant.test(bytes.toString('latin1'))) throw error;
    return null;
  }
}

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
