import { limits } from '../../core/limits.ts';
import type { TarMember } from '../../formats/tar/read-tar.ts';

/** What a tar of samples holds. */
export interface Samples {
  /** Undefined when there are too many members to go through. */
  readonly count?: number;
  /** The endings that a sample has, sorted. */
  readonly keys: readonly string[];
}

/** Members that decide. */
const deciding = 64;
/** Endings of what people train on (webdataset, autodecode.py). */
const media =
  /(?:^|\.)(?:jpe?g|png|webp|ppm|pgm|pbm|tiff?|gif|cls2?|npy|npz|pyd|mp3|mp4|m4a|wav|flac|ogg|opus|avi|webm|mkv|msgpack|mp|cbor|ten|tb|safetensors)$/i;
const text = /(?:^|\.)(?:txt|text|transcript|json|caption|index|id|inx|pth|pickle|pkl)$/i;
const shardName = /\d{3,}\.tar$/;

/**
 * Samples of WebDataset: neighbouring members of one name up to its first dot make one, and all have the same endings.
 * Undefined for any other tar.
 */
export async function samplesOf(members: AsyncIterable<TarMember>, path: string): Promise<Samples | undefined> {
  const grouping = new Grouping();
  let seen = 0;
  for await (const { name, type } of members) {
    if (++seen > limits.sampleMembers) return { keys: grouping.keys() };
    if (type === 'directory') continue;
    const [, stem, key] = /^((?:.*\/)?[^./][^./]*)\.([^/]+)$/.exec(name) ?? [];
    if (type !== 'file' || stem === undefined || key === undefined) return undefined;
    if (!grouping.add(stem, key.toLowerCase())) return undefined;
    if (seen === deciding && !grouping.isDataset(path)) return undefined;
  }
  return grouping.isDataset(path) ? { count: grouping.count, keys: grouping.keys() } : undefined;
}

class Grouping {
  count = 0;
  #stem: string | undefined;
  #own = new Set<string>();
  readonly #stems = new Set<string>();
  /** How many samples have which endings. */
  readonly #kinds = new Map<string, number>();

  /** False for a stem that was left and comes back. */
  add(stem: string, key: string): boolean {
    if (stem !== this.#stem) {
      this.#close();
      if (this.#stems.has(stem)) return false;
      this.#stems.add(stem);
      this.#stem = stem;
      this.#own = new Set();
      this.count++;
    }
    this.#own.add(key);
    return this.#kinds.size < deciding;
  }

  isDataset(path: string): boolean {
    const keys = this.keys();
    const alike = Math.max(0, ...this.#kinds.values());
    const total = [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
    if (this.count < 2 || alike < 0.8 * total) return false;
    const isShard = shardName.test(path);
    const known = keys.some((key) => media.test(key)) || (isShard && keys.some((key) => text.test(key)));
    return known && (keys.length > 1 || isShard);
  }

  keys(): string[] {
    if (this.#kinds.size === 0) return [...this.#own].sort();
    const [most] = [...this.#kinds].sort(([, a], [, b]) => b - a);
    return most ? most[0].split('\0') : [];
  }

  #close(): void {
    if (this.#stem === undefined) return;
    const kind = [...this.#own].sort().join('\0');
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }
}
