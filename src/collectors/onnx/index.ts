import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Relation } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { readOnnx, type OnnxModel } from '../../formats/onnx.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { dataOutside } from '../external-data.ts';
import { refused } from '../refused.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightsFact } from '../weights-fact.ts';
import { isLinkedData, linkedData, onnxFindings } from './findings.ts';
import { isOnnx } from '../../formats/is-onnx.ts';
import { operatorSummary } from './operators.ts';
import { onnxRefusals, onnxRules } from './rules.ts';
import { declaredTensors, externalFiles } from './tensors.ts';
import { valueFormat } from './value-format.ts';

const extension = '.onnx';

/** ONNX models (onnx.proto), their weights inside or in files beside them. */
export const onnx: FileCollector = {
  id: 'onnx',
  version: 2,
  rules: onnxRules,
  wants: (entry, head) => entry.path.endsWith(extension) || isOnnx(head, entry) || isLinkedData(entry, head),
  unread: (entry) => unreadWeights(entry, 'onnx', extension),
  async collect(entry): Promise<Collected> {
    if (isLinkedData(entry)) return { ...nothing, findings: linkedData(entry) };
    let model: OnnxModel;
    try {
      model = await readOnnx(entry);
    } catch (error) {
      return refused(error, entry, onnx, onnxRefusals);
    }
    const observed = attributesFrom(entry.path, 'onnx', 'observed');
    addObserved(model, observed);
    const declared = attributesFrom(entry.path, 'onnx');
    addDeclared(model, declared);
    const declaredData = declaredTensors(model, entry.path);
    const { tensors, escaping } = declaredData;
    return weightsFact(entry, [observed, declared], {
      relations: externalFiles(tensors).map(([path, bytes]): Relation => ({
        type: 'part',
        path,
        bytes,
        evidence: observed.evidence('external_data'),
      })),
      tensors: { tensors },
      problems: dataOutside(entry, 'external data', [...escaping.keys()].sort()),
      findings: onnxFindings(entry, declaredData, operatorSummary(model).custom),
    });
  },
};

function addObserved(model: OnnxModel, attributes: AttributeList): void {
  const { standard, custom } = operatorSummary(model);
  attributes.add('mlbom:model:format', 'onnx');
  attributes.add('mlbom:model:format-version', `IR ${model.irVersion}`, 'ir_version');
  attributes.add('mlbom:model:opsets', standard, 'opset_import');
  attributes.add('mlbom:model:custom-operators', custom, 'graph');
  attributes.add('mimeType', 'application/vnd.onnx');
  // Older exporters list initializers among the inputs (IR version 3 demanded it); those are not inputs of a call.
  const initializers = new Set(model.graph.initializers.map((tensor) => tensor.name));
  const inputs = model.graph.inputs.filter((input) => !initializers.has(input.name));
  attributes.add('inputs', inputs.map(valueFormat), 'graph.input');
  attributes.add('outputs', model.graph.outputs.map(valueFormat), 'graph.output');
}

function addDeclared(model: OnnxModel, attributes: AttributeList): void {
  const producer = `${model.producerName} ${model.producerVersion}`.trim();
  attributes.add('mlbom:model:producer', producer, 'producer_name');
  attributes.add('description', model.docString.trim(), 'doc_string');
  const version = model.modelVersion === 0 ? undefined : String(model.modelVersion);
  if (version !== undefined)
    attributes.add('mlbom:model:provenance', `model_version=${version}`, 'model_version');
  for (const [key, value] of model.metadataProps) {
    if (key === 'license') attributes.add('license', { license: value }, 'metadata_props/license');
    else
      attributes.add(
        'mlbom:model:provenance',
        `${key}=${shortened(value, limits.provenanceText)}`,
        `metadata_props/${key}`,
      );
  }
}
