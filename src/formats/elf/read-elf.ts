import type { ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { PagedReader } from '../paged-reader.ts';
import { elfError } from './elf-error.ts';
import { ElfFields, fieldsAt } from './elf-fields.ts';

export interface Elf {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** `e_type`: 2 is a program, 3 a shared object or a program that can lie anywhere. */
  readonly type: number;
  /** `x86_64`, `aarch64`; the number for others. */
  readonly machine: string;
  /** Of the section `.note.gnu.build-id`, in hex. */
  readonly buildId?: string;
  /** The name by which others need it. */
  readonly soname?: string;
  /** Names of the libraries that it needs, in order. */
  readonly needed: readonly string[];
  /** Versions that it defines for its symbols, in order; the first is its own name. */
  readonly versions: readonly string[];
  readonly sections: readonly ElfSection[];
}

/** A section that has bytes in the file. */
export interface ElfSection {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

/** Numbers of `e_machine` (System V ABI, "Machine values"). */
const machines: Readonly<Record<number, string>> = {
  3: 'i386',
  20: 'powerpc',
  21: 'powerpc64',
  22: 's390',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  224: 'amdgpu',
  190: 'cuda',
  243: 'riscv',
  258: 'loongarch',
};

const segmentTypes = { load: 1, dynamic: 2, note: 4 } as const;
const dynamicTags = {
  needed: 1,
  strings: 5,
  soname: 14,
  verdef: 0x6ffffffc,
  verdefCount: 0x6ffffffd,
} as const;
/** A file name has at most 255 bytes; symbol versions of C++ libraries are no longer. */
const longestName = 1024;

export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/**
 * Reads what an ELF file says about itself (System V ABI, chapters 4 and 5): never its code.
 * A file whose section table is missing, as after stripping it, has no sections.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readElf(source: ByteSource): Promise<Elf> {
  const reader = new PagedReader(source, 'elf');
  const ident = await reader.bytes(0, 16);
  if (!isElf(ident)) throw elfError('E_MALFORMED', 'magic', 'it does not begin like an ELF file');
  const [is64, littleEndian] = [ident[4] === 2, ident[5] === 1];
  if ((ident[4] !== 1 && !is64) || (ident[5] !== 2 && !littleEndian))
    throw elfError('E_UNSUPPORTED', 'class', 'an unknown word size or byte order');
  const order = { is64, littleEndian };
  const header = new ElfFields(await reader.view(16, is64 ? 48 : 36), is64, littleEndian);
  const [type, machine] = [header.half(), header.half()];
  header.skip(4).long();
  const [programTable, sectionTable] = [header.long(), header.long()];
  header.skip(6);
  const [programSize, programCount] = [header.half(), header.half()];
  const [sectionSize, sectionCount, namesIndex] = [header.half(), header.half(), header.half()];
  const segments = await segmentsOf(reader, order, programTable, programSize, programCount);
  const sections = await sectionsOf(reader, order, sectionTable, sectionSize, sectionCount, namesIndex);
  const buildId = await buildIdOf(reader, order, segments);
  return {
    bits: is64 ? 64 : 32,
    littleEndian,
    type,
    machine: machines[machine] ?? String(machine),
    ...(buildId === undefined ? {} : { buildId }),
    ...(await dynamicOf(reader, order, segments)),
    sections,
  };
}

type Order = Pick<ElfFields, 'is64' | 'littleEndian'>;

async function segmentsOf(
  reader: PagedReader,
  order: Order,
  offset: number,
  size: number,
  count: number,
): Promise<Segment[]> {
  if (count === 0) return [];
  if (size < (order.is64 ? 56 : 32)) throw elfError('E_MALFORMED', 'segments', `segments of ${size} bytes`);
  const all = await fieldsAt(reader, order, { offset, size, count, most: limits.elfEntries });
  return all.map((fields): Segment => {
    const type = fields.word();
    if (order.is64) fields.skip(4);
    const at = fields.long();
    const address = fields.long();
    fields.long();
    return { type, offset: at, address, length: fields.long() };
  });
}

async function sectionsOf(
  reader: PagedReader,
  order: Order,
  offset: number,
  size: number,
  count: number,
  namesIndex: number,
): Promise<ElfSection[]> {
  if (offset === 0 || count === 0) return [];
  if (size < (order.is64 ? 64 : 40)) throw elfError('E_MALFORMED', 'sections', `sections of ${size} bytes`);
  const all = await fieldsAt(reader, order, { offset, size, count, most: limits.elfEntries });
  const sections = all.map((fields) => {
    const [name, type] = [fields.word(), fields.word()];
    fields.long();
    fields.long();
    return { name, type, offset: fields.long(), length: fields.long() };
  });
  const names = sections[namesIndex];
  if (!names) return [];
  const result: ElfSection[] = [];
  for (const { name, type, offset: at, length } of sections) {
    // NULL and NOBITS have no bytes.
    if (type === 0 || type === 8 || at + length > reader.size || name >= names.length) continue;
    result.push({ name: await textAt(reader, names.offset + name), offset: at, length });
  }
  return result;
}

/** A note of the owner `GNU` and the type 3 (gABI "Note section"). */
async function buildIdOf(
  reader: PagedReader,
  order: Order,
  segments: readonly Segment[],
): Promise<string | undefined> {
  let looked = 0;
  for (const { type, offset, length } of segments) {
    if (type !== segmentTypes.note) continue;
    for (let at = offset; at + 12 <= offset + length;) {
      if (++looked > mostNotes) return undefined;
      const fields = new ElfFields(await reader.view(at, 12), order.is64, order.littleEndian);
      const [nameLength, valueLength, kind] = [fields.word(), fields.word(), fields.word()];
      const value = at + 12 + aligned(nameLength);
      if (value + valueLength > offset + length) break;
      if (nameLength === 4 && kind === 3 && valueLength > 0 && valueLength <= 64) {
        const owner = await reader.bytes(at + 12, 4);
        if (Buffer.from(owner).toString('latin1') === 'GNU\0')
          return Buffer.from(await reader.bytes(value, valueLength)).toString('hex');
      }
      at = value + aligned(valueLength);
    }
  }
  return undefined;
}

const mostNotes = 1000;

function aligned(length: number): number {
  return Math.ceil(length / 4) * 4;
}

async function dynamicOf(
  reader: PagedReader,
  order: Order,
  segments: readonly Segment[],
): Promise<Pick<Elf, 'needed' | 'versions' | 'soname'>> {
  const dynamic = segments.find(({ type }) => type === segmentTypes.dynamic);
  if (!dynamic) return { needed: [], versions: [] };
  const size = order.is64 ? 16 : 8;
  const count = Math.floor(dynamic.length / size);
  const table = await fieldsAt(reader, order, {
    offset: dynamic.offset,
    size,
    count,
    most: limits.elfEntries,
  });
  const values = new Map<number, number[]>();
  for (const entry of table) {
    const [tag, value] = [entry.long(), entry.long()];
    // The rest of the table is room for programs that edit it.
    if (tag === 0) break;
    const known = values.get(tag);
    if (known) known.push(value);
    else values.set(tag, [value]);
  }
  const first = (tag: number) => values.get(tag)?.[0];
  const strings = first(dynamicTags.strings);
  const base = strings === undefined ? undefined : offsetOf(strings, segments);
  if (base === undefined) return { needed: [], versions: [] };
  const needed: string[] = [];
  for (const at of values.get(dynamicTags.needed) ?? []) needed.push(await textAt(reader, base + at));
  const soname = first(dynamicTags.soname);
  const verdef = first(dynamicTags.verdef);
  return {
    needed,
    ...(soname === undefined ? {} : { soname: await textAt(reader, base + soname) }),
    versions:
      verdef === undefined
        ? []
        : await versionsOf(
            reader,
            order,
            offsetOf(verdef, segments),
            first(dynamicTags.verdefCount) ?? 0,
            base,
          ),
  };
}

/** Version definitions: a chain of records, of which each names its version first (Linux Standard Base, "Symbol versioning"). */
async function versionsOf(
  reader: PagedReader,
  order: Order,
  start: number | undefined,
  count: number,
  strings: number,
): Promise<string[]> {
  const versions: string[] = [];
  if (count > limits.elfEntries) throw elfError('E_LIMIT', 'versions', `${count} versions`);
  let at = start;
  for (let i = 0; at !== undefined && i < count; i++) {
    const fields = new ElfFields(await reader.view(at, 20), order.is64, order.littleEndian).skip(12);
    const [names, next] = [fields.word(), fields.word()];
    const name = new ElfFields(await reader.view(at + names, 4), order.is64, order.littleEndian).word();
    versions.push(await textAt(reader, strings + name));
    at = next === 0 ? undefined : at + next;
  }
  return versions;
}

/** Where an address lies in the file; undefined for one that no segment loads from it. */
function offsetOf(address: number, segments: readonly Segment[]): number | undefined {
  const segment = segments.find(
    (each) =>
      each.type === segmentTypes.load && address >= each.address && address < each.address + each.length,
  );
  return segment && address - segment.address + segment.offset;
}

/** A string that ends with a zero byte. */
async function textAt(reader: PagedReader, offset: number): Promise<string> {
  const bytes = await reader.bytes(offset, Math.max(0, Math.min(longestName, reader.size - offset)));
  const end = bytes.indexOf(0);
  if (end < 0) throw elfError('E_MALFORMED', 'string', 'a name without an end');
  return Buffer.from(bytes.subarray(0, end)).toString('utf8');
}
