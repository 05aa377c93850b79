import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { readOrt } from '../../formats/flatbuffers/ort.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

const most = 64;
/** Domains of ONNX itself and of ONNX Runtime's own operators, which come with it. */
const known = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
]);
/** The provider for processors, which every build of ONNX Runtime has. */
const everywhere = 'CPUExecutionProvider';

/** A model in ONNX Runtime's own format: optimised, for one version of it and sometimes for one machine. */
export async function collectOrt(entry: Entry): Promise<Collected> {
  const model = await readOrt(entry);
  const observed = attributesFrom(entry.path, 'flatbuffer-models', 'observed');
  observed.add('mlbom:model:format', 'ort');
  observed.add('mlbom:model:format-version', model.version, 'ort_version');
  observed.add('mlbom:model:opsets', model.opsets.join(', '), 'opset_import');
  const names = model.operators.map((name) => name.slice(name.indexOf(':') + 1));
  observed.add('mlbom:model:operators', [...new Set(names)].sort().slice(0, most).join(', '), 'graph/nodes');
  const custom = model.operators.filter((name) => !known.has(name.slice(0, name.indexOf(':'))));
  observed.add('mlbom:model:custom-operators', custom.slice(0, most).join(', '), 'graph/nodes');
  observed.add('inputs', model.inputs.slice(0, most), 'graph/inputs');
  observed.add('outputs', model.outputs.slice(0, most), 'graph/outputs');
  observed.add(
    'mlbom:model:portability',
    `ONNX Runtime that reads ORT format ${model.version}`,
    'ort_version',
  );
  for (const provider of model.providers.filter((name) => name !== everywhere).slice(0, most))
    observed.add('mlbom:model:portability', provider, 'graph/nodes');
  const declared = attributesFrom(entry.path, 'flatbuffer-models');
  declared.add(
    'mlbom:model:producer',
    `${model.producerName} ${model.producerVersion}`.trim(),
    'producer_name',
  );
  declared.add('description', model.description, 'doc_string');
  for (const [key, value] of [...model.metadata].slice(0, most))
    declared.add(
      'mlbom:model:provenance',
      `${key}=${shortened(value, limits.provenanceText)}`,
      'metadata_props',
    );
  const tensors = model.initializers.map(
    ({ range = { offset: 0, length: 0 }, ...tensor }): DeclaredTensor => ({ ...tensor, ...range }),
  );
  return weightsFact(entry, [observed, declared], { tensors: { tensors } });
}
