import { isSameDigest } from '../../core/digest.ts';
import { isMlbomError, messageOf } from '../../core/errors.ts';
import type { LayerResult, LayerTask } from '../../core/layer.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { HashingProgress } from '../../manifest/hash-entries.ts';
import { claimedLayer, headerReadAhead } from './claimed-layer.ts';
import type { LayerCache } from './layer-cache.ts';
import { readLayers, type LayerInput } from './layer-pool.ts';
import type { NamedLayer } from './named-layers.ts';

/** What became of one layer. */
export interface ReadLayer {
  /** Absent where it could not be read, or contradicts its digest, and that was allowed. */
  readonly result?: LayerResult;
  /** Who hashed its bytes: this run, an earlier one, or nobody. */
  readonly verification: 'content' | 'cached' | 'claimed';
  readonly problems: readonly Problem[];
}

export interface ReadImageLayersOptions {
  /** Reading costs a download. */
  readonly isRemote: boolean;
  /** Chunk roots of every file: they make up the digest of an artifact that is its files. */
  readonly wholeFiles: boolean;
  /** Of a remote layer that is one file, only its header is read. */
  readonly headersOnly?: boolean | undefined;
  readonly allowIncomplete?: boolean | undefined;
  readonly cache?: LayerCache | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

/**
 * Reads and verifies the layers, each once. Facts that an earlier run verified for the same unpacked digest are taken
 * from the cache; the packed bytes are hashed all the same where that costs no download.
 * @throws MlbomError of the first layer that fails, unless `allowIncomplete` makes a problem of it; `E_ABORTED` always
 */
export async function readImageLayers(
  layers: readonly NamedLayer[],
  options: ReadImageLayersOptions,
): Promise<ReadLayer[]> {
  const known = new Map<NamedLayer, ReadLayer>();
  const cached = new Map<NamedLayer, LayerResult>();
  const toRead: NamedLayer[] = [];
  for (const layer of layers) {
    const path = claimedPath(layer, options);
    if (path !== undefined) {
      const { value, problem } = await attempt(layer.name, options, () =>
        claimedLayer(layer, path, options.signal),
      );
      known.set(layer, value ?? unread(problem));
      continue;
    }
    const result = await fromCache(layer, options);
    if (result && options.isRemote) {
      known.set(layer, { result, verification: 'cached', problems: [] });
      continue;
    }
    if (result) cached.set(layer, result);
    toRead.push(layer);
  }
  const opened = await Promise.all(
    toRead.map((layer) => attempt(layer.name, options, () => inputOf(layer, options, cached.has(layer)))),
  );
  const inputs = opened.flatMap(({ value }) => value ?? []);
  const read = await readAll(inputs, options);
  for (const [index, layer] of toRead.entries()) {
    const { value: input, problem: unopened } = opened[index] ?? {};
    const { value: result, problem = unopened } = (input && read.get(input)) ?? {};
    const remembered = cached.get(layer);
    if (problem) known.set(layer, unread(problem));
    else if (remembered) known.set(layer, { result: remembered, verification: 'cached', problems: [] });
    else if (result) {
      known.set(layer, { result, verification: 'content', problems: [] });
      if (isCacheable(layer)) await options.cache?.put(result, cacheKind(options));
    }
  }
  return layers.map((layer) => known.get(layer) ?? unread(undefined));
}

function unread(problem: Problem | undefined): ReadLayer {
  return { verification: 'claimed', problems: problem ? [problem] : [] };
}

/** The file of which only the header is asked for; what one range brings whole is verified like any other. */
function claimedPath({ source, content }: NamedLayer, options: ReadImageLayersOptions): string | undefined {
  if (!options.isRemote || !options.headersOnly || content.kind !== 'file') return undefined;
  return (source.descriptor?.size ?? 0) > headerReadAhead ? content.path : undefined;
}

/** Raw files have no unpacked digest of their own to know them by, and nothing is saved by remembering opaque ones. */
function isCacheable({ content }: NamedLayer): boolean {
  return content.kind === 'tar';
}

function cacheKind({ wholeFiles }: ReadImageLayersOptions): { chunks: 'all' | 'weights' } {
  return { chunks: wholeFiles ? 'all' : 'weights' };
}

async function fromCache(
  layer: NamedLayer,
  options: ReadImageLayersOptions,
): Promise<LayerResult | undefined> {
  const { diffId, descriptor } = layer.source;
  if (!diffId || !isCacheable(layer)) return undefined;
  const entry = await options.cache?.get(diffId, cacheKind(options), descriptor);
  if (!entry || !descriptor) return entry?.result;
  // Unpacking is what it costs to know that these packed bytes are those unpacked ones: somebody has to have done it.
  const { digest, size } = entry.result;
  const isKnown = isSameDigest(digest, descriptor.digest) && size === descriptor.size;
  return isKnown ? entry.result : undefined;
}

async function inputOf(
  { source, content, name }: NamedLayer,
  options: ReadImageLayersOptions,
  isCached: boolean,
): Promise<LayerInput> {
  const { descriptor, diffId } = source;
  const blob = descriptor && options.isRemote ? undefined : await source.open(options.signal);
  // What `docker save` wrote is not packed: its bytes have the digest of the unpacked layer.
  const digest = descriptor?.digest ?? (isCached ? diffId : undefined);
  const task: LayerTask = {
    ...(digest ? { digest } : {}),
    size: descriptor?.size ?? blob?.size ?? 0,
    ...(diffId && !isCached ? { diffId } : {}),
    content: isCached ? { kind: 'opaque' } : content,
    ...(blob?.local ? { local: blob.local } : {}),
    chunks: options.wholeFiles ? 'all' : 'weights',
    describe: true,
  };
  return { task, name, open: (signal) => source.open(signal) };
}

interface Outcome<T> {
  readonly value?: T;
  readonly problem?: Problem;
}

/** All at once; only where a layer fails, and that is allowed, each by itself. */
async function readAll(
  inputs: readonly LayerInput[],
  options: ReadImageLayersOptions,
): Promise<ReadonlyMap<LayerInput, Outcome<LayerResult>>> {
  const { signal, onProgress } = options;
  const outcomes = new Map<LayerInput, Outcome<LayerResult>>();
  try {
    const results = await readLayers(inputs, { signal, onProgress });
    for (const [index, value] of results.entries()) {
      const input = inputs[index];
      if (input) outcomes.set(input, { value });
    }
    return outcomes;
  } catch (error) {
    if (!isForgiven(error, options)) throw error;
  }
  for (const input of inputs) {
    const outcome = await attempt(input.name, options, () => readLayers([input], { signal, onProgress }));
    const [value] = outcome.value ?? [];
    outcomes.set(input, value ? { value } : { ...(outcome.problem ? { problem: outcome.problem } : {}) });
  }
  return outcomes;
}

/** What fails is a problem of the layer of that name, where that is allowed. */
async function attempt<T>(
  name: string,
  options: ReadImageLayersOptions,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!isForgiven(error, options)) throw error;
    const code = isMlbomError(error) && error.code === 'E_DIGEST' ? 'layer-contradicts' : 'layer-unread';
    const message = messageOf(error);
    const reason = message.includes(name) ? message : `${name}: ${message}`;
    return { problem: incomplete(code, '.', reason) };
  }
}

function isForgiven(error: unknown, { allowIncomplete }: ReadImageLayersOptions): boolean {
  if (!allowIncomplete || !isMlbomError(error)) return false;
  return !['E_ABORTED', 'E_INTERNAL', 'E_USAGE'].includes(error.code);
}
