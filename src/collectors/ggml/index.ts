import type { Collected, FileCollector } from '../../core/collector.ts';
import { MlbomError } from '../../core/errors.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';

/** The magic numbers as they stand on disk, little endian; 'ggml' has no version after it. */
const magics: Readonly<Record<string, string>> = { lmgg: 'ggml', fmgg: 'ggmf', tjgg: 'ggjt', algg: 'ggla' };

/** What llama.cpp and whisper.cpp read before GGUF; `ggla` is a LoRA adapter. */
export const ggml: FileCollector = {
  id: 'ggml',
  version: 1,
  readsFirst: 8,
  wants: ({ size }, head) => size > 8 && Object.hasOwn(magics, magicOf(head)),
  async collect(entry): Promise<Collected> {
    const head = Buffer.from(await entry.head(8));
    if (head.length < 8) {
      throw new MlbomError('E_MALFORMED', 'ggml: ends in its header', { rule: 'ggml-truncated' });
    }
    const name = magics[magicOf(head)] ?? '';
    const attributes = attributesFrom(entry.path, 'ggml', 'observed');
    attributes.add('mlbom:model:format', name);
    const version = name === 'ggml' ? undefined : head.readUInt32LE(4);
    attributes.add('mlbom:model:format-version', version === undefined ? undefined : String(version));
    attributes.add('mlbom:model:portability', 'read by releases of llama.cpp and whisper.cpp before GGUF');
    if (name === 'ggla') attributes.add('mlbom:model:adapter', 'LORA');
    return weightsFact(entry, [attributes]);
  },
};

function magicOf(head: Uint8Array): string {
  return head[2] === 0x67 && head[3] === 0x67 ? Buffer.from(head.subarray(0, 4)).toString('latin1') : '';
}
