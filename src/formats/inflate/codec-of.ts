import type { LayerCodec } from '../../core/layer.ts';

/** How many bytes `codecOf` looks at. */
export const codecBytes = 4;

/** How content is packed, by its first bytes: gzip (RFC 1952), zstd (RFC 8878), where a skippable frame may come first. */
export function codecOf(head: Uint8Array): LayerCodec {
  const [first, second, third, fourth] = head;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return 'zstd';
  const skippable = first !== undefined && (first & 0xf0) === 0x50;
  return skippable && second === 0x2a && third === 0x4d && fourth === 0x18 ? 'zstd' : 'none';
}
