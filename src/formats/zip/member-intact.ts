import { crc32 } from 'node:zlib';
import type { ByteSource } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { memberSource } from './member-source.ts';
import type { ZipMember } from './zip-types.ts';

const chunkBytes = 1024 * 1024;

/**
 * What is wrong with the content of a member, read as a whole; nothing when its size and CRC are what the directory
 * says, or when it cannot be read for a reason that says nothing about them. PyTorch does not look at the CRC at all.
 * @throws MlbomError `E_UNREADABLE`
 */
export async function memberDamage(source: ByteSource, member: ZipMember): Promise<string | undefined> {
  const bytes = memberSource(source, member);
  try {
    let crc = 0;
    for (let offset = 0; offset < bytes.size; offset += chunkBytes) {
      crc = crc32(await bytes.read({ offset, length: Math.min(chunkBytes, bytes.size - offset) }), crc);
    }
    return crc === member.crc32 ? undefined : `its CRC is ${hex(crc)}, declared as ${hex(member.crc32)}`;
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_UNREADABLE') throw error;
    return error.code === 'E_MALFORMED' ? error.message.replace(/^zip: /, '') : undefined;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
