import type { Collected } from '../../core/collector.ts';
import { dtypeName } from '../../core/dtype.ts';
import type { Entry } from '../../core/entry.ts';
import { readPytorchTar } from '../../formats/pytorch-tar.ts';
import { attributesFrom } from '../attributes.ts';
import { describe } from './describe.ts';

/** What PyTorch 0.1.1 wrote. */
export async function collectTar(entry: Entry): Promise<Collected> {
  const tensors = await readPytorchTar(entry);
  const observed = attributesFrom(entry.path, 'pytorch', 'observed');
  observed.add('mlbom:model:format', 'pytorch-tar');
  observed.add('mlbom:model:format-version', '0.1.1');
  const declared = tensors.map(({ key, dtype, shape }) => {
    return { name: key, dtype: dtypeName(dtype), shape, offset: 0, length: 0 };
  });
  return describe(entry, {
    observed,
    declared: attributesFrom(entry.path, 'pytorch'),
    tables: [{ tensors: declared, training: 0, findings: [], problems: [] }],
  });
}
