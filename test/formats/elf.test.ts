import { describe, expect, it } from 'vitest';
import { readGoBuildInfo } from '../../src/formats/elf/go-build-info.ts';
import { probeSection } from '../../src/formats/elf/probe-section.ts';
import { readElf } from '../../src/formats/elf/read-elf.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { writeElf, writeGoBuildInfo, type ElfOptions } from '../fixtures/elf-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const library: ElfOptions = {
  soname: 'libdemo.so.1',
  needed: ['libc.so.6', 'libm.so.6'],
  versions: ['libdemo.so.1', 'VERS_1.19.2'],
  buildId: '00112233445566778899aabbccddeeff00112233',
  sections: { '.rodata': 'text NCCL version 2.20.5+cuda12.4 text' },
};

describe('readElf', () => {
  it.each([
    { bits: 64, littleEndian: true },
    { bits: 64, littleEndian: false },
    { bits: 32, littleEndian: true },
  ] as const)('reads $bits bits, little-endian $littleEndian', async (variant) => {
    const elf = await readElf(memorySource(writeElf({ ...library, ...variant })));
    expect(elf).toMatchObject({
      ...variant,
      type: 3,
      machine: 'x86_64',
      buildId: library.buildId,
      soname: library.soname,
      needed: library.needed,
      versions: library.versions,
    });
    expect(elf.sections).toMatchObject([{ name: '.rodata', length: 38 }, { name: '' }]);
  });

  it('reads the tables of a large library and not the library', async () => {
    const bytes = writeElf(library);
    // What lies between the tables of a real one: here behind them, which is the same to the reader.
    const source = sparseSource(2 ** 33, [{ offset: 0, bytes }]);
    expect((await readElf(source)).soname).toBe('libdemo.so.1');
    expect(source.bytesRead).toBeLessThan(100_000);
  });

  it('refuses a string without an end', async () => {
    const source = memorySource(writeElf({ soname: 'x'.repeat(2000) }));
    expect(await refusal(readElf(source))).toBe('E_MALFORMED elf-string');
  });

  survivesHostileBytes(readElf, writeElf({ ...library, needed: ['a'], sections: {} }), {
    refusesEveryTruncation: true,
  });
});

describe('probeSection', () => {
  const probe = { literal: 'NCCL version ', pattern: /NCCL version (\d+\.\d+\.\d+)/ };

  it('finds a text wherever it lies', async () => {
    for (const before of [0, 100, 1024 * 1024 - 7, 1024 * 1024 + 5]) {
      const text = `${'x'.repeat(before)}NCCL version %d NCCL version 2.20.5+cuda12.4`;
      const source = memorySource(writeElf({ sections: { '.rodata': text } }));
      expect(await probeSection(source, await readElf(source), probe)).toBe('2.20.5');
    }
  });

  it('finds nothing in other sections', async () => {
    const source = memorySource(writeElf({ sections: { '.data': 'NCCL version 2.20.5' } }));
    expect(await probeSection(source, await readElf(source), probe)).toBe(undefined);
  });
});

describe('readGoBuildInfo', () => {
  const section = writeGoBuildInfo('go1.22.5', [
    'path\texample.org/a/cmd',
    'mod\texample.org/a\tv1.2.3\th1:abc=',
    'dep\texample.org/b\tv0.1.0\th1:def=',
    'dep\texample.org/c\tv0.2.0',
    '=>\texample.org/fork\tv0.2.1\th1:ghi=',
    'build\t-ldflags="-X=a=\\"b\\" -s"',
    'build\tGOARCH=amd64',
  ]);
  const read = async (source: ReturnType<typeof memorySource>) =>
    readGoBuildInfo(source, await readElf(source));

  it('reads modules and settings', async () => {
    const info = await read(memorySource(writeElf({ sections: { '.go.buildinfo': section } })));
    expect(info).toEqual({
      go: 'go1.22.5',
      module: 'example.org/a',
      version: 'v1.2.3',
      modules: [
        { path: 'example.org/b', version: 'v0.1.0', sum: 'h1:def=' },
        { path: 'example.org/fork', version: 'v0.2.1', sum: 'h1:ghi=' },
      ],
      settings: new Map([
        ['-ldflags', '-X=a="b" -s'],
        ['GOARCH', 'amd64'],
      ]),
    });
  });

  it('says nothing of a program in another language', async () => {
    expect(await read(memorySource(writeElf({})))).toBe(undefined);
  });

  survivesHostileBytes(
    (bytes) =>
      readGoBuildInfo(bytes, {
        ...emptyElf,
        sections: [{ name: '.go.buildinfo', offset: 0, length: bytes.size }],
      }),
    writeGoBuildInfo('go1.22', ['mod\ta\tb', 'build\ta="b"']),
    { refusesEveryTruncation: false },
  );
});

const emptyElf = {
  bits: 64,
  littleEndian: true,
  type: 2,
  machine: 'x86_64',
  needed: [],
  versions: [],
} as const;
