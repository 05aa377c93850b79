import type { LayerSource } from '../../core/image.ts';
import type { LayerResult } from '../../core/layer.ts';

/** In place of a layer that was not read: it shows and hides nothing. */
export function emptyLayer(source: LayerSource | undefined): LayerResult {
  const none = { algorithm: 'sha256', hex: '0'.repeat(64) } as const;
  const digest = source?.descriptor?.digest ?? source?.diffId ?? none;
  return {
    digest,
    diffId: source?.diffId ?? digest,
    size: 0,
    unpackedSize: 0,
    codec: 'none',
    entries: [],
    whiteouts: [],
    opaque: [],
    readings: [],
    problems: [],
  };
}
