import type { OnnxModel } from '../../formats/onnx.ts';

/** The domains of the ONNX specification itself; `''` is another name of `ai.onnx`. */
const standardDomains = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview.training',
]);

/** Most names worth listing. */
const most = 64;

/** Operator sets with their versions, and operators for which the file brings no definition and ONNX has none. */
export function operatorSummary(model: OnnxModel): { standard: string; custom: string } {
  const standard = model.opsets.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).sort();
  const defined = new Set(model.functions.map(({ domain, name }) => `${domain}:${name}`));
  const custom = [...model.graph.operators]
    .filter(([domain]) => !standardDomains.has(domain))
    .flatMap(([domain, operators]) => [...operators.keys()].map((name) => `${domain}:${name}`))
    .filter((name) => !defined.has(name))
    .sort();
  return { standard: standard.slice(0, most).join(', '), custom: custom.slice(0, most).join(', ') };
}
