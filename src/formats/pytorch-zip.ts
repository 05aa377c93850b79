import type { ByteSource } from '../core/entry.ts';
import { memberSource } from './zip/member-source.ts';
import { readZip } from './zip/read-zip.ts';
import type { ZipMember } from './zip/zip-types.ts';

/** A zip that PyTorch wrote, by its members: all lie below one directory, which may have any name. */
export interface PytorchZip {
  readonly kind: 'pytorch' | 'torchscript' | 'pt2';
  /** By their names below that directory. Where two have one name, the last one, as readers of directories have it. */
  readonly members: ReadonlyMap<string, ZipMember>;
}

/** Text members that say what an archive is are a few bytes long. */
const longestText = 1024;

/** The archive as PyTorch sees it, or undefined for a zip that is none of its kinds. */
export async function readPytorchZip(source: ByteSource): Promise<PytorchZip | undefined> {
  const { members } = await readZip(source);
  const listed = members.filter(({ known }) => known === 'listed');
  const root = rootOf(listed);
  if (root === undefined) return undefined;
  const own = listed.filter(({ name }) => name.startsWith(root));
  const byName = new Map(own.map((member): [string, ZipMember] => [member.name.slice(root.length), member]));
  return { kind: kindOf(byName), members: byName };
}

/** A short text of the archive: `version`, `byteorder`, `archive_format`. Undefined where it is not there or not short. */
export async function textMember(
  source: ByteSource,
  { members }: PytorchZip,
  name: string,
): Promise<string | undefined> {
  const member = members.get(name);
  if (!member || member.size > longestText) return undefined;
  const bytes = memberSource(source, member);
  const text = Buffer.from(await bytes.read({ offset: 0, length: bytes.size }))
    .toString('latin1')
    .trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

/** The directory of the first member that only PyTorch writes. */
function rootOf(members: readonly ZipMember[]): string | undefined {
  for (const { name } of members) {
    const root = /^((?:[^/]+\/)?)(?:data\.pkl|archive_format|serialized_exported_program\.json)$/.exec(
      name,
    )?.[1];
    if (root !== undefined) return root;
  }
  return undefined;
}

function kindOf(members: ReadonlyMap<string, unknown>): PytorchZip['kind'] {
  if (!members.has('data.pkl')) return 'pt2';
  const isScript =
    members.has('constants.pkl') || [...members.keys()].some((name) => name.startsWith('code/'));
  return isScript ? 'torchscript' : 'pytorch';
}
