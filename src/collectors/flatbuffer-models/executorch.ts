import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { readExecutorch } from '../../formats/flatbuffers/executorch.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

const most = 64;

/** An ExecuTorch program: compiled ahead of time, in parts for one backend. */
export async function collectExecutorch(entry: Entry): Promise<Collected> {
  const program = await readExecutorch(entry);
  const observed = attributesFrom(entry.path, 'flatbuffer-models', 'observed');
  observed.add('mlbom:model:format', 'executorch');
  observed.add('mlbom:model:format-version', `ET12 schema ${program.version}`, 'version');
  observed.add('mlbom:model:library', 'executorch');
  for (const method of program.methods.slice(0, most))
    observed.add('mlbom:model:header', `method=${method}`, 'execution_plan');
  observed.add(
    'mlbom:model:operators',
    program.operators.slice(0, most).join(', '),
    'execution_plan/operators',
  );
  // Operators of PyTorch itself and of ExecuTorch's own kernels; others need a library that registers them.
  const custom = program.operators.filter(
    (name) => !/^(?:aten|dim_order_ops|executorch_prim|prim|quantized_decomposed)::/.test(name),
  );
  observed.add('mlbom:model:custom-operators', custom.slice(0, most).join(', '), 'execution_plan/operators');
  for (const delegate of program.delegates.slice(0, most))
    observed.add('mlbom:model:portability', `ExecuTorch with ${delegate}`, 'execution_plan/delegates');
  if (program.delegates.length === 0) observed.add('mlbom:model:portability', 'ExecuTorch');
  if (program.segments.length > 0)
    observed.add('mlbom:model:header', `segments=${program.segments.length}`, 'segments');
  return weightsFact(entry, [observed]);
}
