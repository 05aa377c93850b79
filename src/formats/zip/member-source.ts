import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { inflateAll, inflateStart } from '../inflate/inflate.ts';
import { subrange } from '../subrange.ts';
import { isBomb } from './check-entry.ts';
import { zipError } from './zip-error.ts';
import type { ZipMember } from './zip-types.ts';

const stored = 0;
const deflated = 8;
/** Reads that end before this inflate the beginning only: what the walk shows of a file before anyone wants it. */
const startBytes = 16 * 1024;

/**
 * The bytes of a member, unpacked. Stored ones are ranges of the archive; deflated ones are inflated into memory at the
 * first read that goes beyond their beginning. A wrong CRC is none of its business: see `memberIsIntact`.
 * A member whose flags say that it is encrypted is read where its bytes are plain, since some readers take it so.
 * @throws MlbomError from its reads: `E_LIMIT` (`zip-unpacked`, `zip-ratio`), `E_UNSUPPORTED` (`zip-encrypted`,
 * `zip-method`), `E_MALFORMED`
 */
export function memberSource(source: ByteSource, member: ZipMember): ByteSource {
  return member.method === stored ? storedSource(source, member) : deflatedSource(source, member);
}

/**
 * Where the bytes of a stored member lie in the archive.
 * @throws MlbomError `E_UNSUPPORTED` for one that is encrypted, `E_MALFORMED` for one without bytes
 */
function storedRange(member: ZipMember): ByteRange {
  const { offset, length } = placeOf(member);
  // Encryption adds bytes (12, or more for AES); without them the flag alone says that there is any.
  if (member.encrypted && length !== member.size) throw encrypted(member);
  return { offset, length: Math.min(length, member.size) };
}

function storedSource(source: ByteSource, member: ZipMember): ByteSource {
  const size = Math.min(member.size, member.compressedSize);
  return {
    size,
    read: async (range) => subrange(source, storedRange(member)).read(range),
  };
}

function deflatedSource(source: ByteSource, member: ZipMember): ByteSource {
  const { size } = member;
  let start: Uint8Array | undefined;
  let whole: Promise<Uint8Array> | undefined;
  return {
    size,
    async read({ offset, length }) {
      if (!(offset >= 0 && length >= 0 && offset <= size - length)) {
        throw zipError('E_MALFORMED', 'past-the-end', `no ${length} bytes at ${offset} of ${size}`, offset);
      }
      const end = offset + length;
      if (!whole && end <= startBytes && !member.encrypted) {
        if (start === undefined || start.length < end) start = await inflateBeginning(source, member);
        if (start.length >= end) return start.slice(offset, end);
      }
      whole ??= inflateMember(source, member);
      return (await whole).subarray(offset, end);
    },
  };
}

async function inflateBeginning(source: ByteSource, member: ZipMember): Promise<Uint8Array> {
  const packed = packedSource(source, member);
  return inflateStart(packed, 'raw', Math.min(startBytes, member.size));
}

async function inflateMember(source: ByteSource, member: ZipMember): Promise<Uint8Array> {
  const packed = packedSource(source, member);
  if (member.size > limits.unpackedBytes) {
    throw zipError('E_LIMIT', 'unpacked', `${member.size} bytes would have to be unpacked`, member.offset);
  }
  if (isBomb(member)) {
    throw zipError('E_LIMIT', 'ratio', `${member.size} bytes are packed into ${packed.size}`, member.offset);
  }
  try {
    const { bytes } = await inflateAll(packed, 'raw', member.size);
    if (bytes.length === member.size) return bytes;
    throw zipError(
      'E_MALFORMED',
      'size',
      `${bytes.length} bytes for the ${member.size} declared`,
      member.offset,
    );
  } catch (error) {
    throw member.encrypted ? encrypted(member) : error;
  }
}

function packedSource(source: ByteSource, member: ZipMember): ByteSource {
  if (member.method !== deflated) throw unsupported(member);
  return subrange(source, placeOf(member));
}

function placeOf({ data, offset }: ZipMember): ByteRange {
  if (data) return data;
  throw zipError('E_MALFORMED', 'local-header', 'a member without a local header and data', offset);
}

function encrypted({ offset }: ZipMember): Error {
  return zipError('E_UNSUPPORTED', 'encrypted', 'a member that is encrypted', offset);
}

function unsupported({ method, offset }: ZipMember): Error {
  return zipError('E_UNSUPPORTED', 'method', `a member that is packed by method ${method}`, offset);
}
