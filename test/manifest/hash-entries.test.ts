import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { ByteRange, Entry } from '../../src/core/entry.ts';
import { MlbomError } from '../../src/core/errors.ts';
import { chunkRootOf } from '../../src/manifest/chunk-root.ts';
import { hashEntries, type HashedFile, type HashingProgress } from '../../src/manifest/hash-entries.ts';
import { withLocalFile } from '../../src/manifest/local-file.ts';
import { pseudoRandomBytes } from '../fixtures/pseudo-random.ts';

const MiB = 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), 'mlbom-hash-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The thread the test runs in; one, two (a pair), and three (a pair and a single one) workers. */
const everyMode = [0, 1, 2, 3];

describe('the same digests', () => {
  const sizes = [0, 1, 511 * 1024, 8 * MiB - 1, 8 * MiB, 8 * MiB + 1, 24 * MiB, 41 * MiB + 12345];
  const block = pseudoRandomBytes(MiB, 'blocks');
  const entries = sizes.map((size) => entryOf(write(`file-${size}`, Buffer.alloc(size, block))));
  const ranges = new Map<Entry, ByteRange[]>(
    entries.map((entry) => [entry, [...quarters(entry.size), { offset: entry.size, length: 0 }]]),
  );
  const tensorRanges = (entry: Entry) => ranges.get(entry);
  const expected = entries.map((entry) => expectedOf(entry, ranges.get(entry) ?? []));

  test.each(everyMode)('with %i workers', async (workers) => {
    expect(await hashEntries(entries, { workers, tensorRanges })).toEqual(expected);
  });

  test('when nobody says how many workers', async () => {
    expect(await hashEntries(entries, { tensorRanges })).toEqual(expected);
  });

  test('of entries that can only be streamed', async () => {
    const streamed = entries.map((entry) => ({ ...entry, local: undefined }) as unknown as Entry);
    const options = { tensorRanges: (entry: Entry) => ranges.get(entries[streamed.indexOf(entry)] ?? entry) };
    expect(await hashEntries(streamed, options)).toEqual(expected);
  });

  test.each([1, 2])('of a single file with %i workers', async (workers) => {
    expect(await hashEntries(entries.slice(-1), { workers, tensorRanges })).toEqual(expected.slice(-1));
  });

  test('of many small files in several batches', async () => {
    const many = Array.from({ length: 600 }, (_, n) =>
      entryOf(write(`small-${n}`, Buffer.from(`content ${n}`))),
    );
    expect(await hashEntries(many, { workers: 2 })).toEqual(many.map((entry) => expectedOf(entry)));
  });

  test('of a part of a file', async () => {
    const container = write('container', Buffer.from('headerCONTENTtrailer'));
    const part = entryOf(container, { size: 7, local: { file: container, offset: 6, length: 7 } });
    const [result] = await hashEntries([part]);
    expect(result).toMatchObject({ size: 7, sha256: createHash('sha256').update('CONTENT').digest('hex') });
  });

  test('of a file whose name is not Unicode', async () => {
    const file = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(file, 'content');
    const entry = entryOf('unused', {
      size: 7,
      local: { file: Uint8Array.from(file), offset: 0, length: 7 },
    });
    for (const workers of [0, 1]) {
      expect(await hashEntries([entry], { workers })).toMatchObject([{ kind: 'hashed', size: 7 }]);
    }
  });
});

test.each(everyMode)(
  "Git's object name is computed for those that promise one, with %i workers",
  async (workers) => {
    const small = write('hello', Buffer.from('hello\n'));
    const large = write('large-blob', Buffer.alloc(9 * MiB, 1));
    const promises = [{ algorithm: 'git-blob-sha1', hex: '0'.repeat(40), by: 'blob name' }] as const;
    const entries = [entryOf(small, { promises }), entryOf(small), entryOf(large, { promises })];
    const results = (await hashEntries(entries, { workers })) as HashedFile[];
    const header = Buffer.from(`blob ${9 * MiB}\0`);
    expect(results.map((result) => result.gitBlobSha1)).toEqual([
      'ce013625030ba8dba906f756967f9e9ca394464a',
      undefined,
      createHash('sha1').update(header).update(readFileSync(large)).digest('hex'),
    ]);
  },
);

test.each([
  ['overlap', [range(0, 2), range(1, 2)]],
  ['are out of order', [range(4, 1), range(0, 1)]],
  ['leave the file', [range(5, 2)]],
  ['have no number', [range(Number.NaN, 1)]],
  ['have a negative length', [range(2, -1)]],
])('tensor ranges that %s are refused', async (_, ranges) => {
  const entry = entryOf(write('ranges', Buffer.from('123456')));
  await expect(hashEntries([entry], { tensorRanges: () => ranges })).rejects.toMatchObject({
    code: 'E_MALFORMED',
  });
});

describe.each(everyMode)('what cannot be read is a problem of its own, with %i workers:', (workers) => {
  let file: string;
  let entry: Entry;
  beforeEach(() => {
    rmSync(join(directory, 'victim'), { force: true });
    file = write('victim', Buffer.alloc(9 * MiB, 1));
    entry = entryOf(file);
  });

  test('a file that is gone', async () => {
    rmSync(file);
    expect(await codes()).toEqual(['unreadable', 'hashed']);
  });

  test('a file that became shorter or longer', async () => {
    truncateSync(file, 9 * MiB - 1);
    expect(await codes()).toEqual(['changed-while-read', 'hashed']);
    appendFileSync(file, 'more');
    expect(await codes()).toEqual(['changed-while-read', 'hashed']);
  });

  test('a FIFO in its place, which does not hang', async () => {
    rmSync(file);
    execFileSync('mkfifo', [file]);
    expect(await codes()).toEqual(['changed-while-read', 'hashed']);
  });

  test('a symbolic link in its place, though it leads to the same bytes', async () => {
    const other = write('other', readFileSync(file));
    rmSync(file);
    symlinkSync(other, file);
    expect(await codes()).toEqual(['unreadable', 'hashed']);
  });

  async function codes(): Promise<string[]> {
    const healthy = entryOf(write('healthy', Buffer.alloc(9 * MiB, 2)));
    const results = await hashEntries([entry, healthy], { workers });
    return results.map((result) => (result.kind === 'problem' ? result.code : result.kind));
  }
});

test.each([1, 2])('a file that is cut while %i workers read it has changed', async (workers) => {
  const file = write('cut', Buffer.alloc(0));
  truncateSync(file, 64 * 1024 * MiB);
  const onProgress = ({ bytes }: HashingProgress) => {
    if (bytes > 0) truncateSync(file, 0);
  };
  expect(await hashEntries([entryOf(file)], { workers, onProgress })).toMatchObject([
    { code: 'changed-while-read' },
  ]);
});

test('a file that is written to while it is read has changed, even when its size has not', () => {
  const file = write('written-to', Buffer.alloc(100, 1));
  utimesSync(file, 1, 1);
  const read = () => {
    withLocalFile({ file, offset: 0, length: 100 }, 'written-to', (open) => {
      open.readInto(new Uint8Array(10));
      writeFileSync(file, Buffer.alloc(100, 2));
      open.finish();
    });
  };
  expect(read).toThrow(expect.objectContaining({ code: 'E_UNREADABLE', rule: 'changed-while-read' }));
});

describe('a stream', () => {
  test.each([
    ['shorter', ['12']],
    ['longer', ['1234', '5678']],
  ])('that is %s than listed has changed', async (_, chunks) => {
    expect(await hashEntries([streamOf(6, chunks)])).toMatchObject([{ code: 'changed-while-read' }]);
  });

  test('that fails is unreadable', async () => {
    const entry = streamOf(6, ['12'], new MlbomError('E_UNREADABLE', 'connection lost'));
    expect(await hashEntries([entry])).toMatchObject([{ code: 'unreadable', reason: 'connection lost' }]);
  });

  test('that fails through a bug of ours does not become a problem of the input', async () => {
    await expect(hashEntries([streamOf(6, ['12'], new TypeError('bug'))])).rejects.toThrow(TypeError);
  });
});

describe('progress', () => {
  test.each(everyMode)('ends at the totals, with %i workers', async (workers) => {
    const entries = [9 * MiB, 12, 10 * MiB].map((size) =>
      entryOf(write(`progress-${size}`, Buffer.alloc(size, 1))),
    );
    const seen: HashingProgress[] = [];
    await hashEntries(entries, { workers, onProgress: (progress) => seen.push(progress) });
    const bytes = 19 * MiB + 12;
    expect(seen.at(-1)).toEqual({ bytes, totalBytes: bytes, files: 3, totalFiles: 3 });
    expect(seen.map((progress) => progress.bytes)).toEqual(
      seen.map((progress) => progress.bytes).sort((a, b) => a - b),
    );
  });
});

describe('an abort', () => {
  test.each([1, 2])('stops %i workers at once', async (workers) => {
    const file = write('sparse', Buffer.alloc(0));
    truncateSync(file, 64 * 1024 * MiB);
    const controller = new AbortController();
    const started = new Promise<void>((resolve) => {
      void hashEntries([entryOf(file)], {
        workers,
        signal: controller.signal,
        onProgress: ({ bytes }) => {
          if (bytes > 0) resolve();
        },
      }).catch((error: unknown) => {
        outcome(error);
      });
    });
    let outcome: (error: unknown) => void = () => undefined;
    const ended = new Promise((resolve) => (outcome = resolve));
    await started;
    controller.abort();
    expect(await ended).toMatchObject({ code: 'E_ABORTED' });
  });

  test('before the start reads nothing', async () => {
    const signal = AbortSignal.abort();
    await expect(hashEntries([streamOf(1, ['1'])], { signal })).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});

test('nothing gives nothing', async () => {
  expect(await hashEntries([])).toEqual([]);
});

function write(name: string, bytes: Uint8Array): string {
  const file = join(directory, name);
  writeFileSync(file, bytes);
  return file;
}

function entryOf(file: string, overrides: Partial<Entry> = {}): Entry {
  const size = overrides.size ?? statSync(file).size;
  return {
    kind: 'entry',
    path: file.slice(directory.length + 1),
    size,
    access: 'random',
    promises: [],
    local: { file, offset: 0, length: size },
    head: unused,
    read: unused,
    async *stream() {
      const bytes = await Promise.resolve(readFileSync(file));
      for (let at = 0; at < bytes.length; at += 1_000_003) yield bytes.subarray(at, at + 1_000_003);
    },
    ...overrides,
  };
}

function streamOf(size: number, chunks: readonly string[], end?: Error): Entry {
  return {
    kind: 'entry',
    path: 'streamed',
    size,
    access: 'stream',
    promises: [],
    head: unused,
    read: unused,
    async *stream() {
      for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
      if (end) throw end;
    },
  };
}

function unused(): Promise<Uint8Array> {
  return Promise.reject(new Error('hashing reads in order'));
}

function expectedOf(entry: Entry, ranges?: readonly ByteRange[]): HashedFile {
  const bytes = readFileSync(entry.local?.file as string);
  const parts = [bytes.subarray(0, 8 * MiB)];
  for (let at = 8 * MiB; at < bytes.length; at += 8 * MiB) parts.push(bytes.subarray(at, at + 8 * MiB));
  const leaves = new Uint8Array(Buffer.from(parts.map(hex).join(''), 'hex'));
  return {
    kind: 'hashed',
    path: entry.path,
    size: bytes.length,
    sha256: hex(bytes),
    chunkSize: 8 * MiB,
    chunkRoot: chunkRootOf(leaves),
    leaves: expect.toSatisfy((actual: Uint8Array) => Buffer.compare(actual, leaves) === 0) as Uint8Array,
    ...(ranges && {
      tensorDigests: ranges.map(({ offset, length }) => hex(bytes.subarray(offset, offset + length))),
    }),
  };
}

function hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Four ranges with gaps between them. */
function quarters(size: number): ByteRange[] {
  const quarter = Math.floor(size / 4);
  return [0, 1, 2, 3].map((n) => range(n * quarter, Math.max(0, quarter - n)));
}

function range(offset: number, length: number): ByteRange {
  return { offset, length };
}
