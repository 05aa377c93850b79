import { dtypeName } from '../../core/dtype.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import type { TensorflowGraph, TensorflowValue } from '../../formats/tensorflow-types.ts';
import type { AttributeList } from '../attributes.ts';
import { foreignTo } from './operators.ts';

/** Operators that hold a variable, whose value lies in a checkpoint; the last one reads it from there. */
const variables = ['VarHandleOp', 'Variable', 'VariableV2', 'RestoreV2'];

export function hasVariables(graph: TensorflowGraph): boolean {
  return variables.some((name) => graph.operators.has(name));
}

/** What all graphs of a file use, and what wrote the first of them. */
export function addGraphAttributes(graphs: readonly TensorflowGraph[], attributes: AttributeList): void {
  const used = new Set(graphs.flatMap(({ operators }) => [...operators.keys()]));
  const foreign = new Set(graphs.flatMap(foreignTo));
  attributes.add('mlbom:model:operators', [...used].sort().join(', '), 'node.op');
  attributes.add('mlbom:model:custom-operators', [...foreign].sort().join(', '), 'node.op');
  const producer = graphs[0]?.producer;
  if (producer !== undefined) {
    attributes.add('mlbom:model:header', `graph-producer=${producer}`, 'versions.producer');
  }
  const functions = new Set(graphs.flatMap((graph) => [...graph.functions])).size;
  if (functions > 0) attributes.add('mlbom:model:header', `functions=${functions}`, 'library');
}

/** Numbers that the graph itself holds. */
export function constantsOf(graph: TensorflowGraph): DeclaredTensor[] {
  return graph.constants
    .filter(({ dtype }) => dtype !== 'string' && dtype !== 'variant' && dtype !== 'resource')
    .map((tensor) => ({ ...tensor, dtype: dtypeName(tensor.dtype) }));
}

/** An input or output as one line: `x: float32[?,5]`. */
export function valueLine({ name, dtype, shape }: TensorflowValue): string {
  const sizes = shape?.map((size) => (size < 0 ? '?' : String(size))).join(',');
  return `${name}: ${dtype}${sizes === undefined ? '' : `[${sizes}]`}`;
}
