import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { DeclaredTensor, Relation } from '../../core/fact.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { readOpenvino, type OpenvinoModel } from '../../formats/openvino.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightsFact } from '../weights-fact.ts';
import { extensionLayer, openvinoRules } from './rules.ts';

const most = 64;

/** OpenVINO models: the graph as XML, its weights in a file of the same name with `.bin`. */
export const openvino: FileCollector = {
  id: 'openvino',
  version: 1,
  rules: openvinoRules,
  wants: ({ path }, head) => head.length > 0 && path.endsWith('.xml') && isNet(head),
  unread: (entry) => unreadWeights(entry, 'openvino'),
  async collect(entry): Promise<Collected> {
    const model = await readOpenvino(entry);
    const observed = attributesFrom(entry.path, 'openvino', 'observed');
    addObserved(model, observed);
    const declared = attributesFrom(entry.path, 'openvino');
    addDeclared(model, declared);
    const weights = entry.path.replace(/\.xml$/, '.bin');
    const bytes = model.constants.reduce((end, { offset, length }) => Math.max(end, offset + length), 0);
    const relations: Relation[] =
      bytes === 0 ? [] : [{ type: 'part', path: weights, bytes, evidence: observed.evidence('layers') }];
    return weightsFact(entry, [observed, declared], {
      relations,
      tensors: { tensors: tensorsOf(model, weights) },
      findings: extensionFindings(entry, model),
    });
  },
};

/** `<net name=… version=…>`, after a declaration at most. */
function isNet(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 512)).toString('latin1');
  return /<net\s[^>]*\bversion\s*=/.test(text);
}

function addObserved(model: OpenvinoModel, attributes: AttributeList): void {
  attributes.add('mlbom:model:format', 'openvino');
  attributes.add('mlbom:model:format-version', `IR ${model.version}`, 'net/version');
  attributes.add('mlbom:model:header', `layers=${model.layers}`, 'layers');
  attributes.add('mlbom:model:opsets', partsOf(model, 0).slice(0, most).join(', '), 'layers');
  attributes.add('mlbom:model:operators', partsOf(model, 1).slice(0, most).join(', '), 'layers');
  const custom = customOf(model).slice(0, most);
  attributes.add('mlbom:model:custom-operators', custom.join(', '), 'layers');
  attributes.add('inputs', model.inputs.slice(0, most), 'layers');
  attributes.add('outputs', model.outputs.slice(0, most), 'layers');
  attributes.add('mlbom:model:portability', `OpenVINO that reads IR ${model.version}`, 'net/version');
}

/** Versions of what made the model; options may hold paths of the machine and stay out. */
const kept =
  /^(?:Runtime_version|MO_version|conversion_parameters\/framework|legacy_frontend|model_info\/(?:model_type|task_type|optimization_config)|nncf\/(?:version|friendly_names_were_updated|weight_compression\/(?:mode|group_size|ratio|all_layers|backup_mode|sensitivity_metric)|quantization\/(?:preset|target_device|subset_size|model_type))|optimum\/(?:optimum_intel_version|optimum_version|pytorch_version|transformers_version|diffusers_version))$/;

function addDeclared(model: OpenvinoModel, attributes: AttributeList): void {
  const runtime = model.info.get('Runtime_version');
  const optimizer = model.info.get('MO_version');
  const producer =
    runtime === undefined ? optimizer && `Model Optimizer ${optimizer}` : `OpenVINO ${runtime}`;
  attributes.add('mlbom:model:producer', producer, 'rt_info');
  attributes.add(
    'mlbom:model:header',
    model.name === '' ? undefined : `model=${shortened(model.name, 160)}`,
    'net/name',
  );
  const mode = model.info.get('nncf/weight_compression/mode');
  attributes.add('mlbom:model:quantization', mode, 'rt_info/nncf/weight_compression/mode');
  for (const [key, value] of model.info) {
    if (kept.test(key))
      attributes.add(
        'mlbom:model:provenance',
        `${key}=${shortened(value, limits.provenanceText)}`,
        `rt_info/${key}`,
      );
  }
}

/** Operator sets, or operators, sorted. */
function partsOf({ operators }: OpenvinoModel, part: 0 | 1): string[] {
  return [...new Set([...operators].map((name) => name.split(':')[part] ?? ''))].filter(Boolean).sort();
}

/** Operators of no numbered operator set: those of extensions. `experimental` and the like come with OpenVINO. */
function customOf({ operators }: OpenvinoModel): string[] {
  return [...operators]
    .filter(
      (name) =>
        !/^(?:opset\d+|experimental|ie_internal_opset|gpu_opset|util|type_relaxed_opset)?:/.test(name),
    )
    .sort();
}

function extensionFindings({ path }: Entry, model: OpenvinoModel): Finding[] {
  return customOf(model)
    .slice(0, most)
    .map((name) =>
      finding(extensionLayer, path, `It uses ${shortened(name, 120)}`, { symbol: shortened(name, 120) }),
    );
}

function tensorsOf({ constants }: OpenvinoModel, path: string): DeclaredTensor[] {
  const seen = new Set<string>();
  return constants.flatMap(({ name, elementType, shape, offset, length }) => {
    const place = `${offset} ${length}`;
    // Constants with the same bytes share them.
    if (seen.has(place)) return [];
    seen.add(place);
    return [{ name, dtype: dtypeOf(elementType), shape, path, offset, length }];
  });
}

/** `f16` is `F16`, `boolean` is `BOOL`. */
function dtypeOf(elementType: string): string {
  if (elementType === 'boolean') return 'BOOL';
  return /^(?:bf|[fiu])\d+$/.test(elementType) ? elementType.toUpperCase() : elementType;
}
