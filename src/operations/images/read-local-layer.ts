import type { LocalBytes } from '../../core/entry.ts';
import type { LayerResult, LayerTask } from '../../core/layer.ts';
import { readLayer, type LayerPassOptions } from './layer-pass.ts';
import { openLocalLayer } from './local-layer.ts';

/**
 * Reads a layer that lies on this machine.
 * @throws MlbomError as `readLayer`; `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function readLocalLayer(
  task: LayerTask,
  local: LocalBytes,
  options: LayerPassOptions,
): Promise<LayerResult> {
  const file = openLocalLayer(local, options.name);
  try {
    const result = await readLayer(task, file.stream(), {
      ...options,
      random: (offset, length) => file.read(offset, length),
      again: () => file.stream(),
    });
    file.finish();
    return result;
  } finally {
    file.close();
  }
}
