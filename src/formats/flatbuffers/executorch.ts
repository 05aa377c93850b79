import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { FlatBuffer, type FlatTable } from './flatbuffer.ts';

export interface ExecutorchProgram {
  /** Version of the schema. */
  readonly version: number;
  /** Names of the methods that can be run: `forward`. */
  readonly methods: readonly string[];
  /** `aten::add.out`, sorted. */
  readonly operators: readonly string[];
  /** Backends that parts of the program were compiled for: `XnnpackBackend`, sorted. */
  readonly delegates: readonly string[];
  /** Data behind the program, in the file. */
  readonly segments: readonly ByteRange[];
}

const extendedHeader = 0x30306865;

/**
 * Describes an ExecuTorch program (program.fbs, with the extended header of program_file_format.md).
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readExecutorch(source: ByteSource): Promise<ExecutorchProgram> {
  const buffer = new FlatBuffer(source, 'executorch');
  const program = await buffer.root();
  const operators = new Set<string>();
  const delegates = new Set<string>();
  const methods: string[] = [];
  for await (const plan of buffer.tables(program, 1)) {
    methods.push(await buffer.text(plan, 0));
    for await (const operator of buffer.tables(plan, 6)) operators.add(await operatorName(buffer, operator));
    for await (const delegate of buffer.tables(plan, 7)) delegates.add(await buffer.text(delegate, 0));
  }
  return {
    version: await buffer.u32(program, 0),
    methods,
    operators: [...operators].sort(),
    delegates: [...delegates].sort(),
    segments: await readSegments(source, buffer, program),
  };
}

async function operatorName(buffer: FlatBuffer, operator: FlatTable): Promise<string> {
  const name = await buffer.text(operator, 0);
  const overload = await buffer.text(operator, 1);
  return overload === '' ? name : `${name}.${overload}`;
}

async function readSegments(
  source: ByteSource,
  buffer: FlatBuffer,
  program: FlatTable,
): Promise<ByteRange[]> {
  const base = await segmentBase(source);
  const segments: ByteRange[] = [];
  for await (const segment of buffer.tables(program, 4)) {
    const offset = base + (await buffer.u64(segment, 0));
    const length = await buffer.u64(segment, 1);
    if (offset + length > buffer.size)
      throw buffer.error('E_MALFORMED', 'truncated', 'a segment ends behind the end of the file', offset);
    segments.push({ offset, length });
  }
  return segments;
}

/** The extended header: its magic at 8, its length, the size of the program, where the segments begin. */
async function segmentBase(source: ByteSource): Promise<number> {
  if (source.size < 32) return 0;
  const bytes = await source.read({ offset: 8, length: 24 });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(0, true) === extendedHeader ? Number(view.getBigUint64(16, true)) : 0;
}
