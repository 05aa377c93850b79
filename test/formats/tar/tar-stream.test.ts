import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { isMlbomError } from '../../../src/core/errors.ts';
import { escapePath } from '../../../src/core/path-escape.ts';
import { readTar, type TarAnomaly, type TarMember } from '../../../src/formats/tar/read-tar.ts';
import { createTarStream, type TarStreamOptions } from '../../../src/formats/tar/tar-stream.ts';
import { memorySource } from '../../fixtures/byte-source.ts';
import { survivesHostileBytes } from '../../fixtures/hostile-bytes.ts';
import { paxHeader, writeTar, type TarFile } from '../../fixtures/tar-writer.ts';

interface Streamed {
  readonly members: { member: TarMember; content: string }[];
  readonly anomalies: TarAnomaly[];
}

/** Writes `bytes` in pieces of these sizes, over and over. */
function stream(bytes: Uint8Array, pieces: readonly number[] = [], options?: TarStreamOptions): Streamed {
  const members: Streamed['members'] = [];
  const anomalies: TarAnomaly[] = [];
  let current: { member: TarMember; content: string } | undefined;
  const tar = createTarStream(
    {
      member(member) {
        expect(current).toBeUndefined();
        current = { member, content: '' };
      },
      data(data) {
        expect(data.length).toBeGreaterThan(0);
        if (current) current.content += Buffer.from(data).toString('latin1');
      },
      end() {
        if (current) members.push(current);
        current = undefined;
      },
      anomaly: (anomaly) => anomalies.push(anomaly),
    },
    options,
  );
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = pieces[n % Math.max(1, pieces.length)] ?? bytes.length;
    tar.write(bytes.subarray(at, at + length));
    at += length;
  }
  tar.finish();
  return { members, anomalies };
}

async function listed(bytes: Uint8Array): Promise<Streamed> {
  const anomalies: TarAnomaly[] = [];
  const members: Streamed['members'] = [];
  for await (const member of readTar(memorySource(bytes), (anomaly) => anomalies.push(anomaly))) {
    const data = bytes.subarray(member.offset, member.offset + member.size);
    members.push({ member, content: Buffer.from(data).toString('latin1') });
  }
  return { members, anomalies };
}

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isMlbomError(error)) return `${error.code} ${error.rule}`;
    throw error;
  }
  return 'read';
}

const name = fc.stringMatching(/^[a-zA-Zäß/.]{1,80}$/);
const content = fc.string({ maxLength: 1500, unit: 'binary-ascii' });
/** Those that end in a slash may be directories, which have no data. */
const fileName = name.map((text) => `${text}x`);
const plain = fc.record({ name: fileName, content, type: fc.constantFrom('0', '\0', '7') });
const empty = fc.record({ name, link: name, type: fc.constantFrom('1', '2', '3', '5', '6') });
const member: fc.Arbitrary<TarFile[]> = fc.oneof(
  fc.tuple(fc.oneof(plain, empty)),
  plain.map((file): TarFile[] => [paxHeader({ path: `long/${file.name}` }), file]),
  plain.map((file): TarFile[] => [
    paxHeader({ size: String(Buffer.byteLength(file.content)) }),
    { ...file, size: 0 },
  ]),
  plain.map((file): TarFile[] => [{ name: '', type: 'L', content: `${file.name.repeat(3)}\0` }, file]),
  fc.tuple(plain).map(([file]): TarFile[] => [paxHeader({ comment: 'x' }, 'g'), file]),
);
const pieces = fc.array(fc.integer({ min: 1, max: 1200 }), { minLength: 1, maxLength: 5 });

describe('createTarStream', () => {
  it('finds what readTar finds, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { maxLength: 6 }),
        fc.constantFrom(0, 512, 1024, 10_240),
        pieces,
        async (files, end, sizes) => {
          const bytes = writeTar(files.flat(), new Uint8Array(end));
          expect(stream(bytes, sizes)).toEqual(await listed(bytes));
        },
      ),
    );
  });

  it('gives the bytes that were written, not copies', () => {
    const bytes = writeTar([{ name: 'a', content: 'x'.repeat(2000) }]);
    const seen: ArrayBufferLike[] = [];
    const ignore = (): void => undefined;
    const tar = createTarStream({
      member: ignore,
      data: (data) => seen.push(data.buffer),
      end: ignore,
      anomaly: ignore,
    });
    tar.write(bytes);
    expect(seen).toEqual([bytes.buffer]);
  });

  it('tells of a sparse file of either kind, and goes on behind its map', () => {
    const map = Buffer.alloc(512);
    const old = Buffer.from(writeTar([{ name: 'old', type: 'S', content: 'data' }], ''));
    old.write('00000002000\0', 483);
    old[482] = 1;
    old.write('        ', 148);
    const sum = old.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    old.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const bytes = Buffer.concat([
      old.subarray(0, 512),
      map,
      old.subarray(512),
      writeTar([
        paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'new' }),
        { name: 'GNUSparseFile.0/new', content: 'map' },
        { name: 'after', content: 'x' },
      ]),
    ]);
    const types = stream(bytes).members.map(({ member }) => [member.name, member.type]);
    expect(types).toEqual([
      ['old', 'sparse'],
      ['new', 'sparse'],
      ['after', 'file'],
    ]);
  });

  it('makes text of names that are not Unicode with the function that it is given, also across prefix and name', () => {
    const bytes = Buffer.from(writeTar([{ name: 'n', prefix: 'p' }]));
    bytes[0] = 0xff;
    bytes.write('        ', 148);
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const [first] = stream(bytes, [], { text: escapePath }).members;
    expect(first?.member.name).toBe('p/%FF');
    const pax = writeTar([paxHeader({ path: 'a%41' }), { name: 'x' }]);
    expect(stream(pax, [], { text: escapePath }).members[0]?.member.name).toBe('a%2541');
  });

  it.each<[string, Uint8Array, string[], string[]]>([
    ['nothing but zeros after the end', writeTar([{ name: 'a' }], new Uint8Array(70_000)), ['a'], []],
    ['one block of zeros at the end', writeTar([{ name: 'a' }], new Uint8Array(512)), ['a'], []],
    ['no end', writeTar([{ name: 'a' }], ''), ['a'], ['no-end']],
    [
      'members after the end, which Go does not read',
      writeTar([{ name: 'a' }], Buffer.concat([new Uint8Array(1024), writeTar([{ name: 'b' }])])),
      ['a'],
      ['trailing-data'],
    ],
    [
      'a block of zeros between members',
      writeTar([{ name: 'a' }], Buffer.concat([new Uint8Array(512), writeTar([{ name: 'b' }])])),
      ['a', 'b'],
      ['zero-block'],
    ],
    ['a link with data', writeTar([{ name: 'a', type: '2', size: 3 }]), ['a'], ['size']],
  ])('tells of %s', (_, bytes, names, kinds) => {
    for (const sizes of [[], [1], [511, 513]]) {
      const { members, anomalies } = stream(bytes, sizes);
      expect(members.map(({ member }) => member.name)).toEqual(names);
      expect(anomalies.map(({ kind }) => kind)).toEqual(kinds);
    }
  });

  it('says where the bytes after the end begin', () => {
    const bytes = writeTar([], Buffer.concat([new Uint8Array(100_000), Buffer.from('x')]));
    expect(stream(bytes, [70_000]).anomalies).toMatchObject([{ kind: 'trailing-data', offset: 100_000 }]);
  });

  it.each<[string, () => unknown, string]>([
    ['a cut header', () => stream(writeTar([{ name: 'a' }]).subarray(0, 100)), 'E_MALFORMED tar-truncated'],
    [
      'cut data',
      () => stream(writeTar([{ name: 'a', content: 'abc' }]).subarray(0, 514)),
      'E_MALFORMED tar-truncated',
    ],
    ['a wrong checksum', () => stream(writeTar([{ name: 'a', checksum: 1 }])), 'E_MALFORMED tar-checksum'],
    [
      'a name of megabytes before it comes',
      () => stream(writeTar([{ name: '', type: 'L', size: limits.tarMetaBytes + 1 }])),
      'E_LIMIT tar-meta',
    ],
    [
      'too many members',
      () => stream(writeTar([{ name: 'a' }, { name: 'b' }]), [], { headers: 1 }),
      'E_LIMIT tar-members',
    ],
  ])('refuses %s', (_, work, code) => {
    expect(refusalOf(work)).toBe(code);
  });

  survivesHostileBytes(
    async (source) => {
      const bytes = await source.read({ offset: 0, length: source.size });
      return stream(bytes, [300]).members.length;
    },
    writeTar([paxHeader({ path: 'b' }), { name: 'x', content: 'x' }], ''),
    { refusesEveryTruncation: false },
  );
});
