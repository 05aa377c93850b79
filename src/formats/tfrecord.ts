import type { ByteSource } from '../core/entry.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { ByteWindow } from './byte-window.ts';
import { crc32c } from './crc32c.ts';
import type { DatasetColumn } from './dataset-column.ts';
import { ProtobufReader } from './protobuf.ts';
import { subrange } from './subrange.ts';

export interface TfRecords {
  /** Undefined when there are too many to go through. */
  readonly records?: number;
  /** What the first record is. */
  readonly content: 'example' | 'event' | 'other';
  /** The features of the first record, when it is an Example; in the order of their names. */
  readonly columns: readonly DatasetColumn[];
}

/** Length (8), its checksum (4), the data, its checksum (4). */
const headBytes = 12;
const footBytes = 4;
const longestName = 4096;

/** True for what begins with a length and the right checksum of it. */
export function isTfRecord(head: Uint8Array, size: number): boolean {
  if (head.length < headBytes + footBytes) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  // Hardly any other file gets further than this.
  if (view.getUint32(4, true) > 0xffff) return false;
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  return length <= size && masked(head.subarray(0, 8)) === view.getUint32(8, true);
}

/**
 * Reads TFRecord (tensorflow.org, "TFRecord and tf.train.Example"; lib/io/record_writer.h): checks the first record,
 * and goes through the lengths of the others, each by its checksum.
 * @throws MlbomError `E_MALFORMED`
 */
export async function readTfRecords(source: ByteSource): Promise<TfRecords> {
  const window = new ByteWindow(source, { format: 'tfrecord' });
  let first: Pick<TfRecords, 'content' | 'columns'> = { content: 'other', columns: [] };
  let records = 0;
  for (; window.remaining > 0; records++) {
    if (records > limits.countedBlocks && source.size > limits.tabularCountedBytes) return first;
    const length = await nextLength(window);
    const offset = window.position;
    window.check(length + footBytes);
    if (records === 0 && length <= limits.tfrecordBytes) {
      await checkData(source, offset, length);
      first = await contentOf(subrange(source, { offset, length }));
    }
    window.skip(length + footBytes);
  }
  if (records === 0) throw malformed('truncated', 'it is empty');
  return { records, ...first };
}

async function nextLength(window: ByteWindow): Promise<number> {
  const head = await window.take(headBytes);
  const view = new DataView(head.buffer, head.byteOffset, headBytes);
  if (masked(head.subarray(0, 8)) !== view.getUint32(8, true))
    throw malformed('checksum', 'the checksum of a length is wrong');
  return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
}

async function checkData(source: ByteSource, offset: number, length: number): Promise<void> {
  const bytes = await source.read({ offset, length: length + footBytes });
  const expected = new DataView(bytes.buffer, bytes.byteOffset).getUint32(length, true);
  if (masked(bytes.subarray(0, length)) !== expected)
    throw malformed('checksum', 'the checksum of the first record is wrong');
}

/** TFRecord rotates a checksum and adds to it, so that one of bytes that hold checksums stays of use. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** A record can be anything; only what is known is looked into. */
async function contentOf(source: ByteSource): Promise<Pick<TfRecords, 'content' | 'columns'>> {
  try {
    if (await isEvent(source)) return { content: 'event', columns: [] };
    const columns = await featuresOf(source);
    return columns.length > 0 ? { content: 'example', columns } : { content: 'other', columns };
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return { content: 'other', columns: [] };
  }
}

/** The first Event of a log of TensorBoard has its version (event.proto). */
async function isEvent(source: ByteSource): Promise<boolean> {
  const reader = new ProtobufReader(source);
  let found = false;
  await reader.message({ offset: 0, length: source.size }, ({ number, wire, range }) => {
    if (number !== 3 || wire !== 'bytes' || range.length > 64) return undefined;
    return reader.text(range, 64).then((text) => {
      found = text.startsWith('brain.Event:');
    });
  });
  return found;
}

const featureTypes: Readonly<Record<number, string>> = { 1: 'binary', 2: 'float', 3: 'int64' };

/** Example.features.feature, and SequenceExample.feature_lists.feature_list (example.proto, feature.proto). */
async function featuresOf(source: ByteSource): Promise<DatasetColumn[]> {
  const reader = new ProtobufReader(source);
  const columns: DatasetColumn[] = [];
  await reader.message({ offset: 0, length: source.size }, ({ number: group, wire, range }) => {
    if ((group !== 1 && group !== 2) || wire !== 'bytes') throw malformed('content', 'no Example');
    return reader.message(range, (entry) => {
      if (entry.number !== 1 || entry.wire !== 'bytes') throw malformed('content', 'no Example');
      let name = '';
      let type = 'unknown';
      return reader
        .message(entry.range, (field) => {
          if (field.wire !== 'bytes') throw malformed('content', 'no Example');
          if (field.number === 1)
            return reader.text(field.range, longestName).then((text) => {
              name = text;
            });
          return reader.message(field.range, ({ number }) => {
            if (group === 1) type = featureTypes[number] ?? 'unknown';
            return undefined;
          });
        })
        .then(() => {
          if (columns.length >= limits.datasetColumns) throw malformed('content', 'too many features');
          columns.push([name, group === 1 ? type : 'list']);
        });
    });
  });
  // Maps of protobuf have no order.
  return columns.sort(([a], [b]) => (a < b ? -1 : 1));
}

function malformed(rule: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `tfrecord: ${what}`, { rule: `tfrecord-${rule}` });
}
