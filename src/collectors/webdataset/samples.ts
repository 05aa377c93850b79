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
export async function samplesOf(
  members: AsyncIterable<TarMember>,
  path: string,
): Promise<Samples | undefined> {
  const samples = new Map<string, string[]>();
  let last: string | undefined;
  let seen = 0;
  for await (const { name, type } of members) {
    if (++seen > limits.sampleMembers) return { keys: commonKeys(samples) };
    if (seen === deciding && !isDataset(samples, path)) return undefined;
    if (type === 'directory') continue;
    const [, stem, key] = /^((?:.*\/)?[^./][^./]*)\.([^/]+)$/.exec(name) ?? [];
    if (type !== 'file' || stem === undefined || key === undefined) return undefined;
    const sample = samples.get(stem);
    // Members of one sample stand side by side.
    if (sample && stem !== last) return undefined;
    if (sample) sample.push(key.toLowerCase());
    else samples.set(stem, [key.toLowerCase()]);
    last = stem;
  }
  return isDataset(samples, path) ? { count: samples.size, keys: commonKeys(samples) } : undefined;
}

function isDataset(samples: ReadonlyMap<string, readonly string[]>, path: string): boolean {
  const keys = commonKeys(samples);
  const kind = keys.join('\0');
  // The last one may not be complete yet.
  const complete = [...samples.values()].slice(0, -1);
  const alike = complete.filter((own) => kindOf(own) === kind).length;
  if (complete.length === 0 || alike < 0.8 * complete.length) return false;
  const isShard = shardName.test(path);
  const known = keys.some((key) => media.test(key)) || (isShard && keys.some((key) => text.test(key)));
  return known && (keys.length > 1 || isShard);
}

/** The endings that most samples have. */
function commonKeys(samples: ReadonlyMap<string, readonly string[]>): string[] {
  const counts = new Map<string, number>();
  for (const own of samples.values()) counts.set(kindOf(own), (counts.get(kindOf(own)) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most ? most[0].split('\0') : [];
}

function kindOf(keys: readonly string[]): string {
  return keys.toSorted().join('\0');
}
