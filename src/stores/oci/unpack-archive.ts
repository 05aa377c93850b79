import { MlbomError, withSubject } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';
import type { LayerCodec } from '../../core/layer.ts';
import { unpackStream } from '../../formats/inflate/unpack-stream.ts';
import { privateFile, type PrivateFile } from './private-file.ts';

/**
 * A packed archive, unpacked to a private file: its members can be had one by one only then.
 * @throws MlbomError `E_MALFORMED` for what is broken, or is followed by other bytes; `E_LIMIT`, `E_UNWRITABLE`
 */
export async function unpackArchive(
  packed: Blob,
  codec: LayerCodec,
  place: string,
  signal?: AbortSignal,
): Promise<PrivateFile> {
  return privateFile(unpacked(packed, codec, place, signal), `${place}, unpacked`, signal);
}

async function* unpacked(
  packed: Blob,
  codec: LayerCodec,
  place: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  let end = packed.size;
  const onEnd = (used: number): void => {
    end = used;
  };
  try {
    yield* unpackStream(packed.stream(signal), codec, { onEnd });
  } catch (error) {
    throw withSubject(error, place);
  }
  await checkTail(packed, end, place, signal);
}

/** Zeros may fill the end, as tapes do it. */
async function checkTail(packed: Blob, from: number, place: string, signal?: AbortSignal): Promise<void> {
  for (let offset = from; offset < packed.size; offset += tailBytes) {
    const length = Math.min(tailBytes, packed.size - offset);
    const bytes = await packed.read?.({ offset, length }, signal);
    if (bytes?.every((byte) => byte === 0)) continue;
    const message = `${place}: ${packed.size - from} bytes after the end of what is packed`;
    throw new MlbomError('E_MALFORMED', message, { subject: place, rule: 'archive-trailing-data' });
  }
}

/** Read at a time. */
const tailBytes = 256 * 1024;
