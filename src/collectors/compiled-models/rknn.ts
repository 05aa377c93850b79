import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { parseJson } from '../../core/json.ts';
import { textAt, textsAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import type { AttributeList } from '../attributes.ts';

/** `RKNN`, then zeros. */
export function isRknn(head: Uint8Array): boolean {
  return head[0] === 0x52 && head[1] === 0x4b && head[2] === 0x4e && head[3] === 0x4e && head[4] === 0;
}

/**
 * A model for Rockchip's processors: a header of 24 bytes, or 64 since version 2, the model, then the length of a JSON
 * text that describes it.
 */
export async function addRknn(entry: Entry, observed: AttributeList, declared: AttributeList): Promise<void> {
  const header = await entry.read({ offset: 0, length: Math.min(24, entry.size) });
  if (header.length < 24) throw malformed('it ends in its header');
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const version = Number(view.getBigUint64(8, true));
  const bytes = Number(view.getBigUint64(16, true));
  observed.add('mlbom:model:format', 'rknn');
  observed.add('mlbom:model:format-version', String(version), 'header');
  const start = (version > 1 ? 64 : 24) + bytes;
  if (!Number.isSafeInteger(start) || start > entry.size) throw malformed('it ends before its model does');
  const description = await descriptionAt(entry, start);
  const platforms = textsAt(description, 'target_platform');
  for (const platform of platforms.slice(0, 16))
    observed.add('mlbom:model:portability', `Rockchip ${platform}`, 'target_platform');
  if (platforms.length === 0) observed.add('mlbom:model:portability', 'Rockchip NPU');
  const toolkit = textAt(description, 'version');
  declared.add(
    'mlbom:model:producer',
    toolkit === undefined ? undefined : `RKNN-Toolkit ${toolkit}`,
    'version',
  );
  const source = textAt(description, 'ori_network_platform') ?? textAt(description, 'network_platform');
  declared.add(
    'mlbom:model:provenance',
    source === undefined ? undefined : `converted_from=${source}`,
    'network_platform',
  );
  const name = textAt(description, 'name');
  declared.add('mlbom:model:header', name === undefined ? undefined : `model=${name}`, 'name');
}

/** What follows the model; files without a description have less to say. */
async function descriptionAt(entry: Entry, start: number): Promise<unknown> {
  if (start === entry.size) return undefined;
  if (start + 8 > entry.size) throw malformed('it ends in its description');
  const head = await entry.read({ offset: start, length: 8 });
  const length = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  if (length === 0) return undefined;
  if (length > entry.size - start - 8) throw malformed('it ends in its description');
  if (length > limits.repositoryFileBytes)
    throw new MlbomError('E_LIMIT', `rknn: a description of ${length} bytes`, { rule: 'rknn-description' });
  return parseJson(await entry.read({ offset: start + 8, length }), { subject: 'rknn' });
}

function malformed(what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `rknn: ${what}`, { rule: 'rknn-truncated' });
}
