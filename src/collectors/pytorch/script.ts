import type { Entry } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { PytorchZip } from '../../formats/pytorch-zip.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import type { ZipMember } from '../../formats/zip/zip-types.ts';
import { carriesCode, foreignOperators, scriptReachesOut } from './rules.ts';

/** What the code of a TorchScript archive calls, as far as its text says so. */
export interface ScriptCode {
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** Operators of other libraries than PyTorch, `namespace::name`, sorted. */
  readonly foreign: readonly string[];
}

/** Builtins that touch files: `aten::from_file`, `aten::save`, `aten::load`. */
const fileCall = /\b(?:torch|ops\.aten)\.(from_file|save|load)\s*\(/g;
const operatorCall = /\bops\.([A-Za-z_]\w{0,63})\.([A-Za-z_]\w{0,127})\s*\(/g;
/** Namespaces that PyTorch itself registers. */
const ownNamespaces = new Set([
  'aten',
  'prim',
  'prims',
  'quantized',
  '_quantized',
  'sparse',
  'mkldnn',
  'mkldnn_prepacked',
  'prepacked',
  'cuda',
  'profiler',
  'static_runtime',
  '_caffe2',
  'onednn',
  'rngprims',
  'inductor',
  'c10d',
  'mkl',
  'xnnpack',
  'metal_prepack',
  'vulkan_prepack',
  'tensorexpr',
]);

/** Looks through `code/**.py` for calls; it is a search in text, and no proof that there is nothing else. */
export async function readScript(entry: Entry, { members }: PytorchZip): Promise<ScriptCode> {
  const files = [...members].filter(([name]) => name.startsWith('code/') && name.endsWith('.py'));
  const findings: Finding[] = [];
  const problems: Problem[] = [];
  const foreign = new Map<string, string>();
  let left: number = limits.torchscriptCodeBytes;
  for (const [name, member] of files) {
    left -= member.size;
    if (left < 0) {
      const reason = `more than ${limits.torchscriptCodeBytes} bytes of code; the rest was not looked through`;
      problems.push(incomplete('torchscript-code', entry.path, reason));
      break;
    }
    const text = await codeOf(entry, member).catch((error: unknown) => {
      if (!isMlbomError(error)) throw error;
      problems.push(incomplete('torchscript-code', entry.path, `${name}: ${error.message}`));
      return '';
    });
    for (const call of new Set([...text.matchAll(fileCall)].map(([, operator = '']) => operator))) {
      findings.push(
        finding(scriptReachesOut, entry.path, `${name} calls torch.${call}`, { symbol: `aten::${call}` }),
      );
    }
    for (const [, namespace = '', operator = ''] of text.matchAll(operatorCall)) {
      if (!ownNamespaces.has(namespace) && foreign.size < mostForeign)
        foreign.set(`${namespace}::${operator}`, name);
    }
  }
  const [first] = files;
  if (first) {
    findings.unshift(finding(carriesCode, entry.path, `${files.length} files of code, such as ${first[0]}`));
  }
  const names = [...foreign.keys()].sort();
  const symbol = names[0];
  if (symbol !== undefined) {
    const more = names.length > shown ? ` and ${names.length - shown} more` : '';
    const message = `not PyTorch's own: ${names.slice(0, shown).join(', ')}${more}`;
    findings.push(finding(foreignOperators, entry.path, message, { symbol }));
  }
  return { findings, problems, foreign: names };
}

const mostForeign = 1024;
const shown = 8;

async function codeOf(entry: Entry, member: ZipMember): Promise<string> {
  const source = memberSource(entry, member);
  return Buffer.from(await source.read({ offset: 0, length: source.size })).toString('utf8');
}
