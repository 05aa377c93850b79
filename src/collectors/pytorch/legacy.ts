import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { readPytorchLegacy } from '../../formats/pytorch-legacy.ts';
import { attributesFrom } from '../attributes.ts';
import { describe } from './describe.ts';
import { pytorchTable, type StoragePlace } from './table.ts';

/** What `torch.save` wrote before 1.6. */
export async function collectLegacy(entry: Entry): Promise<Collected> {
  const { object, version, littleEndian, storages } = await readPytorchLegacy(entry);
  const observed = attributesFrom(entry.path, 'pytorch', 'observed');
  observed.add('mlbom:model:format', 'pytorch-legacy');
  observed.add('mlbom:model:format-version', String(version), 'protocol_version');
  observed.add('mlbom:model:header', `byte-order=${littleEndian ? 'little' : 'big'}`, 'sys_info');
  const places = new Map(
    [...storages].map(([key, range]): [string, StoragePlace] => [key, { bytes: range.length, range }]),
  );
  return describe(entry, {
    observed,
    declared: attributesFrom(entry.path, 'pytorch'),
    object,
    tables: [pytorchTable(entry, object, places)],
  });
}
