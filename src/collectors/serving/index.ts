import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { isElf } from '../../formats/elf/read-elf.ts';
import { collectProgram, isProgram } from './program.ts';
import { collectTorchserve } from './torchserve.ts';
import { collectTritonModel, collectTritonVersion } from './triton.ts';

/** Servers of models and what they serve: Triton, TorchServe, and programs that are known by their names. */
export const serving: FileCollector = {
  id: 'serving',
  version: 2,
  wants({ path }, head) {
    if (head.length === 0) return false;
    if (readerFor(path) !== undefined) return true;
    return isElf(head) && isProgram(path);
  },
  collect: (entry): Promise<Collected> =>
    readerFor(entry.path)?.(entry) ??
    (isProgram(entry.path) ? collectProgram(entry) : Promise.resolve(nothing)),
};

function readerFor(path: string): ((entry: Entry) => Promise<Collected>) | undefined {
  if (path.endsWith('config.pbtxt'))
    return /(?:^|\/)config\.pbtxt$/.test(path) ? collectTritonModel : undefined;
  if (path.endsWith('MAR-INF/MANIFEST.json')) return collectTorchserve;
  return /(?:^|\/)TRITON_VERSION$/.test(path) ? collectTritonVersion : undefined;
}
