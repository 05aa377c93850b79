import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { finding, type FindingRule } from '../../core/finding.ts';

const unchecked: FindingRule = {
  id: 'MLB-COD-008',
  severity: 'high',
  cwe: 506,
  title: 'Compiled Python that runs whatever its source says',
  why: 'Python takes an unchecked hash-based `.pyc` in `__pycache__` in place of the source beside it, without a look at it.',
  fix: 'Remove it; Python compiles the source again.',
  references: ['https://peps.python.org/pep-0552/'],
};

/** PEP 552: the second word of a `.pyc` has bit 0 for "by hash" and bit 1 for "check the source". */
const flags = { byHash: 1, checkSource: 2 };

/** Compiled modules of Python, by the flags of their header alone. */
export const pythonBytecode: FileCollector = {
  id: 'python-bytecode',
  version: 1,
  rules: [unchecked],
  wants: ({ path }, head) =>
    path.endsWith('.pyc') && head.length >= 16 && head[2] === 0x0d && head[3] === 0x0a,
  async collect(entry): Promise<Collected> {
    const head = await entry.head(8);
    const word = head[4] ?? 0;
    const isUnchecked = (word & flags.byHash) !== 0 && (word & flags.checkSource) === 0;
    if (!isUnchecked) return { ...nothing };
    const message = 'its header says that the source is never looked at';
    return { ...nothing, findings: [finding(unchecked, entry.path, message, { offset: 4, length: 4 })] };
  },
};
