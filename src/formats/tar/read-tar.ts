import type { ByteSource } from '../../core/entry.ts';
import { ByteWindow } from '../byte-window.ts';
import { hasChecksum, parseTarHeader, tarError } from './tar-header.ts';
import {
  blockBytes,
  hasMoreMap,
  isMeta,
  isZero,
  memberBuilder,
  padded,
  type ReportTarAnomaly,
  type TarMember,
} from './tar-member.ts';

export type { TarAnomaly, TarAnomalyKind, TarMember } from './tar-member.ts';

/** Zeros after the end that are passed over: GNU tar fills up to 10 KiB, tapes to 1 MiB. */
const fillerBytes = 1024 * 1024;

/**
 * The members of a tar (ustar, GNU, pax, and the old one), in order, by ranged reads of their headers alone.
 * What is odd is told to `report`, before the member that it is about.
 * @throws MlbomError `E_MALFORMED` (`tar-checksum`, `tar-number`, `tar-pax`, `tar-truncated`), `E_LIMIT` (`tar-meta`)
 */
export async function* readTar(
  source: ByteSource,
  report: ReportTarAnomaly = () => undefined,
): AsyncGenerator<TarMember> {
  const window = new ByteWindow(source, { format: 'tar' });
  const builder = memberBuilder(report);
  for (let at = 0; ;) {
    if (at + blockBytes > source.size) {
      if (at < source.size) throw tarError('E_MALFORMED', 'truncated', 'it ends inside a header', at);
      report({ kind: 'no-end', offset: at, detail: 'no block of zeros ends it' });
      return;
    }
    window.seek(at);
    const block = await window.take(blockBytes);
    if (isZero(block)) {
      const next = await afterZeros(window, at, source.size, report);
      if (next === undefined) return;
      at = next;
      continue;
    }
    const header = parseTarHeader(block, at);
    const dataStart = at + blockBytes + (header.sparse?.extended ? await skipSparseMap(window) : 0);
    if (isMeta(header, at)) {
      builder.extend(header, Uint8Array.from(await window.take(header.size)), at);
      at = dataStart + padded(header.size);
      continue;
    }
    const member = builder.member(header, at, dataStart);
    if (member.size > source.size - dataStart) {
      throw tarError('E_MALFORMED', 'truncated', 'the data of a member is not all there', at);
    }
    yield member;
    // The last member's filling may be missing.
    at = Math.min(dataStart + padded(member.size), source.size);
  }
}

/** Bytes that the further blocks of a GNU sparse map take; each says whether another one follows. */
async function skipSparseMap(window: ByteWindow): Promise<number> {
  for (let bytes = blockBytes; ; bytes += blockBytes) {
    if (!hasMoreMap(await window.take(blockBytes))) return bytes;
  }
}

/** Where reading goes on after a block of zeros, or nothing at the end; readers differ over what comes after it. */
async function afterZeros(
  window: ByteWindow,
  at: number,
  size: number,
  report: ReportTarAnomaly,
): Promise<number | undefined> {
  const end = Math.min(size, at + fillerBytes);
  for (let next = at + blockBytes; next + blockBytes <= end; next += blockBytes) {
    window.seek(next);
    const block = await window.take(blockBytes);
    if (isZero(block)) continue;
    if (!hasChecksum(block)) {
      report({ kind: 'trailing-data', offset: next, detail: `${size - next} bytes after its end` });
      return undefined;
    }
    const single = next === at + blockBytes;
    const detail = single ? 'a block of zeros between members' : 'members after its end';
    report({ kind: single ? 'zero-block' : 'after-end', offset: next, detail });
    return next;
  }
  if (end < size) report({ kind: 'trailing-data', offset: end, detail: `${size - end} bytes after its end` });
  return undefined;
}
