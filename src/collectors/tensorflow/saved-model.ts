import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact, Relation } from '../../core/fact.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { siblingOf } from '../../core/path.ts';
import { leavesDirectory } from '../../formats/leaves-directory.ts';
import { readMetaGraph, readSavedModel } from '../../formats/tensorflow-saved-model.ts';
import { readTensorflowGraph } from '../../formats/tensorflow-graph.ts';
import type { TensorflowGraph, TensorflowMetaGraph } from '../../formats/tensorflow-types.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { addGraphAttributes, constantsOf, hasVariables, valueLine } from './graph-facts.ts';
import { operatorFindings } from './operators.ts';
import { assetOutside } from './rules.ts';

const by = 'tensorflow';
/** Findings about assets that are told one by one; one is enough to distrust the model. */
const mostAssets = 8;

/** `saved_model.pb`: variables lie in the checkpoint below `variables/`, assets below `assets/`. */
export async function collectSavedModel(entry: Entry): Promise<Collected> {
  const { schemaVersion, metaGraphs } = await readSavedModel(entry);
  const observed = attributesFrom(entry.path, by, 'observed');
  observed.add('mlbom:model:format', 'tensorflow-savedmodel');
  observed.add('mlbom:model:format-version', String(schemaVersion), 'saved_model_schema_version');
  return collectMetaGraphs(entry, metaGraphs, observed, 'variables/variables.index');
}

/** The `.meta` of a checkpoint of TensorFlow 1, which lies beside it under the same name. */
export async function collectMetaGraph(entry: Entry, checkpoint: string): Promise<Collected> {
  const observed = attributesFrom(entry.path, by, 'observed');
  observed.add('mlbom:model:format', 'tensorflow-metagraph');
  return collectMetaGraphs(entry, [await readMetaGraph(entry)], observed, checkpoint);
}

/** A frozen graph: one file that holds its weights as constants. */
export async function collectGraph(entry: Entry): Promise<Collected> {
  const graph = await readTensorflowGraph(entry);
  const observed = attributesFrom(entry.path, by, 'observed');
  observed.add('mlbom:model:format', 'tensorflow-graphdef');
  observed.add('inputs', graph.placeholders.map(valueLine), 'node');
  addGraphAttributes([graph], observed);
  const fact = factOf(entry, observed, [graph], []);
  return { facts: [fact], problems: [], findings: operatorFindings(graph, entry.path) };
}

function collectMetaGraphs(
  entry: Entry,
  metaGraphs: readonly TensorflowMetaGraph[],
  observed: AttributeList,
  checkpoint: string,
): Collected {
  const declared = attributesFrom(entry.path, by);
  const graphs = metaGraphs.map(({ graph }) => graph);
  addGraphAttributes(graphs, observed);
  const findings: Finding[] = [];
  const escaping = new Set<string>();
  const parts = new Set<string>();
  for (const metaGraph of metaGraphs) {
    const { graph, assets } = metaGraph;
    addMetaGraph(metaGraph, observed, declared);
    if (hasVariables(graph)) parts.add(checkpoint);
    for (const asset of assets) {
      if (leavesDirectory(asset)) escaping.add(asset);
      else parts.add(`assets/${asset}`);
    }
    findings.push(...operatorFindings(graph, entry.path));
  }
  for (const asset of [...escaping].slice(0, mostAssets)) {
    const symbol = asset.slice(0, limits.provenanceText);
    const message = `the asset ${JSON.stringify(symbol.slice(0, 160))}`;
    findings.push(finding(assetOutside, entry.path, message, { symbol }));
  }
  const relations = [...parts].sort().map((name): Relation => ({
    type: 'part',
    path: siblingOf(entry.path, name),
    bytes: 0,
    evidence: observed.evidence(),
  }));
  const fact = factOf(entry, observed, graphs, relations);
  return { facts: [{ ...fact, attributes: [...fact.attributes, ...declared.list] }], problems: [], findings };
}

function addMetaGraph(
  metaGraph: TensorflowMetaGraph,
  observed: AttributeList,
  declared: AttributeList,
): void {
  const { tags, tensorflowVersion, gitVersion, signatures } = metaGraph;
  if (tags.length > 0) observed.add('mlbom:model:header', `tags=${tags.join(',')}`, 'meta_info_def.tags');
  // What begins with two underscores is how the model is set up, and nothing that a user calls.
  const called = signatures.filter(({ name }) => !name.startsWith('__'));
  const lines = (side: 'inputs' | 'outputs'): string[] =>
    called
      .flatMap((signature) => signature[side].map((value) => `${signature.name}.${valueLine(value)}`))
      .sort();
  observed.add('inputs', lines('inputs'), 'signature_def');
  observed.add('outputs', lines('outputs'), 'signature_def');
  if (tensorflowVersion !== '') {
    declared.add(
      'mlbom:model:producer',
      `tensorflow ${tensorflowVersion}`,
      'meta_info_def.tensorflow_version',
    );
  }
  if (gitVersion !== '' && gitVersion !== 'unknown') {
    declared.add(
      'mlbom:model:header',
      `tensorflow-git=${gitVersion}`,
      'meta_info_def.tensorflow_git_version',
    );
  }
}

/** Where there are variables, the constants of a graph are no weights. */
function factOf(
  entry: Entry,
  attributes: AttributeList,
  graphs: readonly TensorflowGraph[],
  relations: Fact['relations'],
): Fact {
  const tensors = graphs.some(hasVariables) ? [] : graphs.flatMap(constantsOf);
  return {
    about: { kind: 'weights', path: entry.path },
    type: 'machine-learning-model',
    attributes: attributes.list,
    relations,
    ...(tensors.length > 0 ? { tensors: { tensors } } : {}),
  };
}
