import { finding, type Finding, type FindingRule } from '../core/finding.ts';
import { isObject, type JsonValue } from '../core/json.ts';
import { textAt, textsAt, valueAt } from '../core/json-access.ts';
import { escapeToken } from '../core/json-pointer.ts';
import { shortened } from '../core/shortened.ts';

const transformersDocs = 'https://huggingface.co/docs/transformers/custom_models';

const autoMap: FindingRule = {
  id: 'MLB-COD-001',
  severity: 'high',
  cwe: 829,
  title: 'The configuration names Python code to run',
  why: 'Whoever loads the model with trust_remote_code runs the file that `auto_map` names.',
  fix: 'Read the file that it names, pin the revision, and load with trust_remote_code only then.',
  references: [transformersDocs],
};
const elsewhere: FindingRule = {
  id: 'MLB-COD-002',
  severity: 'high',
  cwe: 829,
  title: 'The configuration names Python code of another repository',
  why: 'The code is not part of what was examined here, and its owner can change it at any time.',
  fix: 'Copy the code into the repository of the model and name it there, or load a model that needs none.',
  references: [transformersDocs],
};
const trusted: FindingRule = {
  id: 'MLB-COD-003',
  severity: 'high',
  cwe: 829,
  title: 'The configuration switches trust in remote code on',
  why: 'A library that takes the switch from the file runs Python of the repository without asking whoever loads it.',
  fix: 'Take the switch out; whoever loads the model decides.',
  references: [transformersDocs],
};
const ownClass: FindingRule = {
  id: 'MLB-COD-004',
  severity: 'high',
  cwe: 829,
  title: 'The configuration names a class of its own',
  why: 'A pipeline or a module that the library does not have is imported from Python in the repository.',
  fix: 'Read the file that it names, pin the revision, and allow remote code only then.',
  references: [
    transformersDocs,
    'https://huggingface.co/docs/diffusers/using-diffusers/custom_pipeline_overview',
  ],
};

/** What is looked for in the JSON files that libraries read before weights. */
export const configuredCodeRules: readonly FindingRule[] = [autoMap, elsewhere, trusted, ownClass];

/** Findings of one rule in one file that are listed. */
const most = 16;

/** Python that a configuration makes a library import. The symbol of each finding is a JSON pointer. */
export function configuredCode(config: JsonValue, path: string): Finding[] {
  return [
    ...autoMapped(config, path),
    ...modules(config, path),
    ...customPipelines(config, path),
    ...pointersTo('trust_remote_code', config)
      .slice(0, most)
      .map((symbol) => finding(trusted, path, 'trust_remote_code is true', { symbol })),
  ];
}

/** `auto_map: { AutoModel: "modeling_x.Model" }`; `"owner/name--modeling_x.Model"` lies in another repository. */
function autoMapped(config: JsonValue, path: string): Finding[] {
  const map = valueAt(config, 'auto_map');
  if (!isObject(map)) return [];
  return Object.keys(map)
    .flatMap((name) => textsAt(map, name).map((module) => ({ name, module })))
    .slice(0, most)
    .map(({ name, module }) => {
      const rule = module.includes('--') ? elsewhere : autoMap;
      const symbol = shortened(`/auto_map/${escapeToken(name)}`, 200);
      return finding(rule, path, `${shortened(name, 80)} is ${shortened(module, 160)}`, { symbol });
    });
}

/** `custom_pipelines: { task: { impl: "file.Class" } }` of Transformers; a class with its file in Diffusers. */
function customPipelines(config: JsonValue, path: string): Finding[] {
  const pipelines = valueAt(config, 'custom_pipelines');
  const named = Object.keys(isObject(pipelines) ? pipelines : {})
    .slice(0, most)
    .map((task) => {
      const [impl = 'code of its own'] = textsAt(pipelines, task, 'impl');
      const symbol = shortened(`/custom_pipelines/${escapeToken(task)}`, 200);
      return finding(ownClass, path, `${shortened(task, 80)} is ${shortened(impl, 160)}`, { symbol });
    });
  const diffusers = valueAt(config, '_class_name');
  if (!Array.isArray(diffusers)) return named;
  const message = `the pipeline is ${shortened(textsAt(config, '_class_name').join('.'), 160)}`;
  return [...named, finding(ownClass, path, message, { symbol: '/_class_name' })];
}

/** `modules.json` of sentence-transformers: `[{ path, type: "sentence_transformers.models.Pooling" }]`. */
function modules(config: JsonValue, path: string): Finding[] {
  if (!Array.isArray(config)) return [];
  return config
    .flatMap((item, index) => ({ type: textAt(item, 'type') ?? '', symbol: `/${index}/type` }))
    .filter(({ type }) => type !== '' && !type.startsWith('sentence_transformers.'))
    .slice(0, most)
    .map(({ type, symbol }) => finding(ownClass, path, `a module is ${shortened(type, 160)}`, { symbol }));
}

/** JSON pointers to members of this name that are true, at any depth (the parser has bounded it). */
function pointersTo(name: string, value: unknown, pointer = ''): string[] {
  const members = Array.isArray(value)
    ? value.map((item, index): [string, unknown] => [String(index), item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return members.flatMap(([key, item]) => {
    if (typeof item === 'object' && item !== null)
      return pointersTo(name, item, `${pointer}/${escapeToken(key)}`);
    return key === name && item === true ? [shortened(`${pointer}/${name}`, 200)] : [];
  });
}
