import { createHash, type Hash } from 'node:crypto';
import { groupBy } from '../../core/group-by.ts';
import type { TarSink } from '../../formats/tar/tar-stream.ts';
import { createCapture, type Capture } from './capture.ts';
import type { KeptContent } from './kept-content.ts';
import type { UnreadAlias } from './layer-files.ts';
import { layerName } from './path-in-layer.ts';
import type { Spool } from './spool.ts';

/** A file and the names that waited for it. */
export interface KeptFile {
  readonly aliases: readonly UnreadAlias[];
  readonly content: KeptContent;
  /** Nobody reads it any more. */
  readonly rest: () => void;
}

/** Some files of a layer, kept while it passes by once more. */
export interface KeptFiles {
  readonly sink: TarSink;
  /** What went by since the last time. A file that is not the one of the first time is left out. */
  take(): KeptFile[];
}

export function keepFiles(wanted: readonly UnreadAlias[], spool: Spool): KeptFiles {
  const byTarget = groupBy(wanted, ({ target }) => target);
  let ready: KeptFile[] = [];
  let current: { capture: Capture; hash: Hash; aliases: readonly UnreadAlias[] } | undefined;
  return {
    sink: {
      member({ name, type, size }) {
        const place = layerName(name);
        const aliases = 'path' in place && type === 'file' ? byTarget.get(place.path) : undefined;
        current = aliases && {
          capture: createCapture(size, size, spool),
          hash: createHash('sha256'),
          aliases,
        };
      },
      data(bytes) {
        current?.capture.add(bytes);
        current?.hash.update(bytes);
      },
      end() {
        if (!current) return;
        const { capture, hash } = current;
        const digest = hash.digest('hex');
        const aliases = current.aliases.filter(({ sha256 }) => sha256 === digest);
        if (aliases.length > 0)
          ready.push({ aliases, content: capture.content(), rest: () => capture.rest() });
        current = undefined;
      },
      anomaly: () => undefined,
    },
    take() {
      const taken = ready;
      ready = [];
      return taken;
    },
  };
}
