/**
 * True for bytes that an unpickler would follow for a while: the first opcodes with their arguments exist, or a name is
 * imported before the first that does not. A weaker test than `isPickle`, for names that promise a pickle: NONE and POP
 * before everything else hide a pickle from every test of its beginning. `size` is that of the whole file.
 */
export function beginsWithOpcodes(head: Uint8Array, size: number): boolean {
  const more = size > head.length;
  let at = 0;
  for (let count = 0; count < enough; count++) {
    const opcode = head[at];
    if (opcode === undefined) return more || count > 0;
    const argument = argumentOf(opcode);
    if (argument === undefined) return false;
    const end = endOf(head, at + 1, argument);
    // What lies beyond the head is for the reader to say.
    if (end === undefined || end > head.length) return end === undefined ? more : end <= size;
    if (imports.has(opcode)) return opcode === stackGlobal || areNames(head.subarray(at + 1, end));
    at = end;
  }
  return true;
}

/** Opcodes after which bytes are worth reading. */
const enough = 16;
const newline = 0x0a;
/** GLOBAL, INST, STACK_GLOBAL. */
const imports: ReadonlySet<number> = new Set([0x63, 0x69, 0x93]);

const stackGlobal = 0x93;

/** A module and a name that Python could have: prose and lists of files have lines that begin with a `c` too. */
function areNames(lines: Uint8Array): boolean {
  const [module = '', name = ''] = Buffer.from(lines).toString('latin1').split('\n');
  return [module, name].every((line) => /^[A-Za-z_][\w.]*$/.test(line));
}

/** Bytes of a fixed argument, of a length that comes first, or lines. */
interface Argument {
  readonly bytes?: number;
  readonly length?: number;
  readonly lines?: number;
}

/** pickletools' table of arguments. */
const table: readonly (readonly [opcodes: string, argument: Argument])[] = [
  ['().012NQRabdelosut]}\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98', {}],
  ['Kqh\x80\x82', { bytes: 1 }],
  ['M\x83', { bytes: 2 }],
  ['Jrj\x84', { bytes: 4 }],
  ['G\x95', { bytes: 8 }],
  ['UC\x8a\x8c', { length: 1 }],
  ['TXB\x8b', { length: 4 }],
  ['\x8d\x8e\x96', { length: 8 }],
  ['ILFSVPgp', { lines: 1 }],
  ['ci', { lines: 2 }],
];
const byOpcode: ReadonlyMap<number, Argument> = new Map(
  table.flatMap(([opcodes, argument]) =>
    [...Buffer.from(opcodes, 'latin1')].map((opcode) => [opcode, argument] as const),
  ),
);

function argumentOf(opcode: number): Argument | undefined {
  return byOpcode.get(opcode);
}

/** The offset after an argument; undefined where the head ends before it can be told. */
function endOf(head: Uint8Array, at: number, { bytes, length, lines = 0 }: Argument): number | undefined {
  if (bytes !== undefined) return at + bytes;
  if (length !== undefined) {
    if (at + length > head.length) return undefined;
    let value = 0;
    for (let index = length - 1; index >= 0; index--) value = value * 256 + (head[at + index] ?? 0);
    return at + length + value;
  }
  let end = at;
  for (let line = 0; line < lines; line++) {
    const found = head.indexOf(newline, end);
    if (found === -1) return undefined;
    end = found + 1;
  }
  return end;
}
