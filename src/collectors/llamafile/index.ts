import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { finding, type FindingRule } from '../../core/finding.ts';
import { nameOf } from '../../core/path.ts';
import { isPortableExecutable } from '../../formats/is-portable-executable.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

const executable: FindingRule = {
  id: 'MLB-LLF-001',
  severity: 'high',
  cwe: 829,
  title: 'Weights inside a program',
  why: 'A llamafile is run, not loaded: its code does whatever it does before any weights are read.',
  fix: 'Take the weights out of it (`unzip`), and run them with a program of your own.',
};

const native = /^(?:\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/;

/** A llamafile: a program with a zip at its end that holds the weights, which are read as members of the zip. */
export const llamafile: FileCollector = {
  id: 'llamafile',
  version: 1,
  rules: [executable],
  wants: ({ path }, head) => {
    if (isPortableExecutable(head)) return true;
    const isNamed = /\.llamafile(?:\.exe)?$/.test(nameOf(path));
    return isNamed && native.test(Buffer.from(head.subarray(0, 4)).toString('latin1'));
  },
  async collect(entry): Promise<Collected> {
    const { members } = await readZip(entry);
    const weights = members.filter(({ name }) => /\.gguf$/i.test(name));
    if (weights.length === 0) return nothing;
    const attributes = attributesFrom(entry.path, 'llamafile', 'observed');
    attributes.add('mlbom:model:library', 'llamafile');
    for (const { name } of weights.slice(0, 64))
      attributes.add('mlbom:model:header', `member=${name}`, 'zip');
    const message = `a program with ${weights
      .map(({ name }) => name)
      .slice(0, 4)
      .join(', ')} in it`;
    return {
      ...weightsFact(entry, [attributes]),
      findings: [finding(executable, entry.path, message, { offset: 0 })],
    };
  },
};
