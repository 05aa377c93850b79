import type { ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { decodeUtf8, parseJson } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { ByteWindow } from '../byte-window.ts';
import type { DatasetColumn } from '../dataset-column.ts';
import { avroColumns } from './avro-schema.ts';

export interface Avro {
  readonly columns: readonly DatasetColumn[];
  readonly codec: string;
  /** Names of the header's other keys. */
  readonly keys: readonly string[];
  /** Undefined when there are too many blocks to go through. */
  readonly rows?: bigint;
}

const magic = [0x4f, 0x62, 0x6a, 1];
const syncBytes = 16;
const longestVarint = 10;

/** True for what begins like an Avro object container file. */
export function isAvro(head: Uint8Array): boolean {
  return magic.every((byte, index) => head[index] === byte);
}

/**
 * Reads the header of an Avro object container file (avro.apache.org, "Object Container Files") and counts its rows
 * from the heads of its blocks.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readAvro(source: ByteSource): Promise<Avro> {
  const header = new ByteWindow(source, { format: 'avro', limit: limits.avroHeaderBytes });
  if (!isAvro(await header.take(magic.length))) throw malformed('magic', 'it does not begin with Obj');
  const values = await metadata(header);
  const sync = Uint8Array.from(await header.take(syncBytes));
  const schema = values.get('avro.schema');
  if (!schema) throw malformed('schema', 'it has no schema');
  const codec = values.get('avro.codec');
  const columns = avroColumns(parseJson(schema, { subject: 'avro' }));
  const rows = await countRows(source, header.position, sync);
  return {
    columns,
    codec: codec ? decodeUtf8(codec, 'avro') : 'null',
    keys: [...values.keys()].filter((key) => !key.startsWith('avro.')).sort(),
    ...(rows === undefined ? {} : { rows }),
  };
}

async function metadata(window: ByteWindow): Promise<Map<string, Uint8Array>> {
  const values = new Map<string, Uint8Array>();
  for (;;) {
    let count = await long(window);
    if (count === 0n) return values;
    if (count < 0n) {
      count = -count;
      // The bytes of the block, for those who pass over it.
      await long(window);
    }
    for (; count > 0n; count--) {
      const key = decodeUtf8(await window.take(await length(window)), 'avro');
      values.set(key, Uint8Array.from(await window.take(await length(window))));
    }
  }
}

async function countRows(source: ByteSource, start: number, sync: Uint8Array): Promise<bigint | undefined> {
  const window = new ByteWindow(source, { format: 'avro' });
  window.seek(start);
  let rows = 0n;
  for (let blocks = 0; window.remaining > 0; blocks++) {
    if (blocks >= limits.countedBlocks) return undefined;
    const count = await long(window);
    if (count < 0n) throw malformed('block', 'a block of fewer than no rows');
    rows += count;
    window.skip(await length(window));
    const mark = await window.take(syncBytes);
    if (!mark.every((byte, index) => byte === sync[index]))
      throw malformed('sync', 'a block does not end with the mark of the file');
  }
  return rows;
}

async function length(window: ByteWindow): Promise<number> {
  const value = Number(await long(window));
  if (value < 0) throw malformed('length', 'a negative length');
  window.check(value);
  return value;
}

/** A zigzag varint of at most 64 bits. */
async function long(window: ByteWindow): Promise<bigint> {
  window.check(1);
  const there = Math.min(longestVarint, window.remaining);
  if (!window.has(there)) await window.fill(there);
  let value = 0n;
  for (let i = 0; i < there; i++) {
    const byte = window.u8();
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) {
      const unsigned = BigInt.asUintN(64, value);
      return (unsigned >> 1n) ^ -(unsigned & 1n);
    }
  }
  throw malformed('varint', 'a number does not end');
}

function malformed(rule: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `avro: ${what}`, { rule: `avro-${rule}` });
}
