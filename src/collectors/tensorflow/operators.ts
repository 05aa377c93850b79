import { finding, type Finding, type FindingRule } from '../../core/finding.ts';
import { tensorflowOperators } from '../../formats/tensorflow-operators.ts';
import type { TensorflowGraph } from '../../formats/tensorflow-types.ts';
import { callsPython, foreignOperators, readsFiles, usesNetwork, writesFiles } from './rules.ts';

/**
 * Operators that reach beyond the process. Not among them: saving and restoring variables, tables that are filled from
 * assets, and printing, which every other SavedModel does.
 */
const watched: readonly (readonly [FindingRule, string])[] = [
  [
    readsFiles,
    `ReadFile MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset WholeFileReader WholeFileReaderV2
     TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2
     LMDBReader TextLineDataset TFRecordDataset TFRecordDatasetV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2
     LMDBDataset ExperimentalLMDBDataset SqlDataset ExperimentalSqlDataset CSVDataset CSVDatasetV2 ExperimentalCSVDataset
     LoadDataset SnapshotDatasetReader ImmutableConst LoadAndRemapMatrix GenerateVocabRemapping`,
  ],
  [
    writesFiles,
    `WriteFile Save SaveSlices SaveDataset SaveDatasetV2 SnapshotDataset SnapshotDatasetV2 DatasetToTFRecord
     ExperimentalDatasetToTFRecord CreateSummaryFileWriter CreateSummaryDbWriter FileSystemSetConfiguration`,
  ],
  [callsPython, 'PyFunc PyFuncStateless EagerPyFunc'],
  [
    usesNetwork,
    `RpcServer RpcServerStart RpcServerRegister RpcClient RpcCall DebugIdentity DebugIdentityV2 DebugIdentityV3
     DebugNanCount DebugNumericSummary DebugNumericSummaryV2 DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3
     DataServiceDatasetV4 RegisterDataset RegisterDatasetV2`,
  ],
];

const ruleOf = new Map(
  watched.flatMap(([rule, names]) => names.split(/\s+/).map((name): [string, FindingRule] => [name, rule])),
);

/** Foreign operators that a message names; the rest is counted. */
const named = 8;

/** Operators of a graph that neither TensorFlow nor the graph's own library defines, sorted. */
export function foreignTo(graph: TensorflowGraph): string[] {
  return [...graph.operators.keys()]
    .filter((name) => !tensorflowOperators.has(name) && !graph.functions.has(name) && !name.startsWith('_'))
    .sort();
}

/** What the operators of a graph can do. */
export function operatorFindings(graph: TensorflowGraph, path: string): Finding[] {
  const findings: Finding[] = [];
  for (const [name, { count, node, within, place }] of [...graph.operators].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const rule = ruleOf.get(name);
    if (!rule) continue;
    const where = within === undefined ? `at node ${node}` : `at node ${node} of the function ${within}`;
    const message = `the operator ${name}, ${count === 1 ? '' : `${count} times, first `}${where}`.slice(
      0,
      400,
    );
    findings.push(finding(rule, path, message, { ...place, symbol: name }));
  }
  const foreign = foreignTo(graph);
  const [first] = foreign;
  const use = first === undefined ? undefined : graph.operators.get(first);
  if (first === undefined || !use) return findings;
  const more = foreign.length > named ? ` and ${foreign.length - named} more` : '';
  const message = `not TensorFlow's own: ${foreign.slice(0, named).join(', ').slice(0, 400)}${more}`;
  return [
    ...findings,
    finding(foreignOperators, path, message, { ...use.place, symbol: first.slice(0, 200) }),
  ];
}
