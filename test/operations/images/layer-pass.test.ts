import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileCollectors } from '../../../src/collectors/registry.ts';
import { walk } from '../../../src/collectors/walk.ts';
import { sha256, type Digest } from '../../../src/core/digest.ts';
import type { LayerResult, LayerTask } from '../../../src/core/layer.ts';
import { limits } from '../../../src/core/limits.ts';
import { hashEntries } from '../../../src/manifest/hash-entries.ts';
import { readLayer, type LayerPassOptions } from '../../../src/operations/images/layer-pass.ts';
import { nameCounter } from '../../../src/operations/images/path-in-layer.ts';
import { readLocalLayer } from '../../../src/operations/images/read-local-layer.ts';
import { openDirectory } from '../../../src/stores/directory.ts';
import { zstdFrame } from '../../fixtures/image-writer.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';
import { writeSafetensors } from '../../fixtures/safetensors-writer.ts';
import { paxHeader, writeTar, type TarFile } from '../../fixtures/tar-writer.ts';
import { call, global, pickled, tuple, writeTorchZip } from '../../fixtures/torch-writer.ts';
import { collect, temporaryDirectory } from '../../stores/temporary-directory.ts';

const MiB = 1024 * 1024;

/** Where copies go. */
const temporary = mkdtempSync(join(tmpdir(), 'mlbom-pass-'));
beforeEach(() => {
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  // Whatever happened, nothing of the copies is left.
  expect(readdirSync(temporary).filter((name) => name.startsWith('mlbom-layer-'))).toEqual([]);
});
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

function digest(bytes: Uint8Array, algorithm: 'sha256' | 'sha512' = 'sha256'): Digest {
  return { algorithm, hex: createHash(algorithm).update(bytes).digest('hex') };
}

async function* piecesOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

interface ReadOptions {
  readonly packed?: Uint8Array;
  readonly task?: Partial<LayerTask>;
  readonly pass?: Partial<LayerPassOptions>;
  readonly piece?: number;
}

/** Reads these bytes as a layer of which everything is promised rightly, but for what `task` says. */
function read(
  tar: Uint8Array,
  { packed = gzipSync(tar), task, pass, piece }: ReadOptions = {},
): Promise<LayerResult> {
  const promised: LayerTask = {
    digest: digest(packed),
    size: packed.length,
    diffId: digest(tar),
    content: { kind: 'tar' },
    describe: true,
    ...task,
  };
  return readLayer(promised, piecesOf(packed, piece), { name: 'layer 1 of 2', ...pass });
}

function readFiles(files: readonly TarFile[], options?: ReadOptions): Promise<LayerResult> {
  return read(writeTar(files), options);
}

const problemsOf = (result: LayerResult): string[] =>
  result.problems.map(({ code, path }) => `${code} ${path}`);
/** Names of things, in the order in which they are first told. */
function namesOf({ readings }: LayerResult): string[] {
  const attributes = readings.flatMap(({ facts }) => facts.flatMap((fact) => fact.attributes));
  return [...new Set(attributes.flatMap(({ name, value }) => (name === 'name' ? [value] : [])))];
}

const metadata = 'Metadata-Version: 2.1\nName: torch\nVersion: 2.8.0+cu128\n';
const safetensors = writeSafetensors({ tensors: [{ name: 'w', dtype: 'F32', shape: [64] }] });

describe('a layer', () => {
  const tar = writeTar([
    { name: './', type: '5' },
    { name: './usr/', type: '5' },
    { name: './usr/a', content: 'a' },
    { name: '/usr//./empty' },
    { name: 'usr/bin/../link', type: '2', link: '../etc/x' },
    { name: 'usr/dev', type: '3' },
  ]);

  it.each<[LayerResult['codec'], Uint8Array]>([
    ['none', tar],
    ['gzip', gzipSync(tar)],
    ['zstd', zstdFrame(tar)],
  ])('is read when it is packed as %s', async (codec, packed) => {
    const result = await read(tar, { packed, piece: 700 });
    expect(result).toEqual({
      digest: digest(packed),
      diffId: digest(tar),
      size: packed.length,
      unpackedSize: tar.length,
      codec,
      entries: [
        { path: 'usr', type: 'directory', size: 0 },
        { path: 'usr/a', type: 'file', size: 1, sha256: sha256('a') },
        { path: 'usr/empty', type: 'file', size: 0, sha256: sha256('') },
        { path: 'usr/link', type: 'link', size: 0, link: '../etc/x' },
        { path: 'usr/dev', type: 'other', size: 0 },
      ],
      whiteouts: [],
      opaque: [],
      readings: [],
      problems: [],
    });
  });

  it('may be promised with SHA-512, or not at all', async () => {
    const packed = gzipSync(tar);
    const strong = { digest: digest(packed, 'sha512'), diffId: digest(tar, 'sha512') };
    expect(await read(tar, { packed, task: strong })).toMatchObject(strong);
    expect(await read(tar, { packed: tar, task: { digest: digest(tar, 'sha512') } })).toMatchObject({
      digest: digest(tar, 'sha512'),
      diffId: digest(tar),
    });
    const none: LayerTask = { size: packed.length, content: { kind: 'tar' }, describe: false };
    expect(await readLayer(none, piecesOf(packed), { name: 'x' })).toMatchObject({
      digest: digest(packed),
      diffId: digest(tar),
    });
  });

  const other = gzipSync(writeTar([{ name: 'usr/b', content: 'b' }]));
  const good = gzipSync(tar);
  it.each<[string, ReadOptions, string]>([
    [
      'another layer in its place',
      { packed: other, task: { digest: digest(good), size: other.length } },
      'E_DIGEST layer-digest',
    ],
    [
      'a blob that is cut',
      { packed: good.subarray(0, 60), task: { digest: digest(good), size: good.length } },
      'E_DIGEST layer-digest',
    ],
    [
      'bytes after it',
      { packed: Buffer.concat([good, Buffer.of(0)]), task: { digest: digest(good), size: good.length } },
      'E_DIGEST layer-digest',
    ],
    ['a wrong size', { packed: good, task: { size: good.length + 1 } }, 'E_DIGEST layer-digest'],
    ['a wrong unpacked digest', { task: { diffId: digest(Buffer.from('x')) } }, 'E_DIGEST diff-id'],
    [
      'a wrong digest of what is not packed',
      { packed: tar, task: { digest: digest(good) } },
      'E_DIGEST layer-digest',
    ],
    [
      'a changed byte',
      {
        packed: Buffer.concat([good.subarray(0, 40), Buffer.of(1, 2, 3), good.subarray(43)]),
        task: { digest: digest(good) },
      },
      'E_DIGEST layer-digest',
    ],
  ])('is refused for %s', async (_, options, code) => {
    expect(await refusal(read(tar, options))).toBe(code);
  });

  it('says which layer and which digest are meant, and what was there', async () => {
    const wrong = digest(Buffer.from('x'));
    const failed = read(tar, { packed: good, task: { digest: wrong } });
    await expect(failed).rejects.toMatchObject({ code: 'E_DIGEST', subject: `sha256:${wrong.hex}` });
    const message = new RegExp(`^layer 1 of 2 .*sha256:${digest(good).hex}.*sha256:${wrong.hex}`);
    await expect(failed).rejects.toThrow(message);
  });

  it.each<[string, Uint8Array, Uint8Array, string]>([
    [
      'a broken tar',
      Buffer.from('no tar'.repeat(200)),
      gzipSync('no tar'.repeat(200)),
      'E_MALFORMED tar-checksum',
    ],
    [
      'a tar that ends inside a file',
      tar.subarray(0, 512 * 4 + 20),
      gzipSync(tar.subarray(0, 512 * 4 + 20)),
      'E_MALFORMED tar-truncated',
    ],
    ['gzip that is cut', tar, good.subarray(0, -9), 'E_MALFORMED gzip-broken'],
  ])('that is what was promised is refused for %s', async (_, unpacked, packed, code) => {
    expect(await refusal(read(unpacked, { packed }))).toBe(code);
  });

  it('ends within its limits', async () => {
    const bomb = gzipSync(new Uint8Array(110 * MiB));
    expect(await refusal(read(tar, { packed: bomb }))).toBe('E_LIMIT layer-ratio');
  });

  it('may have bytes after its packed end, which are told', async () => {
    const packed = Buffer.concat([good, Buffer.alloc(100_000)]);
    const result = await read(tar, { packed });
    expect(result.problems).toMatchObject([{ code: 'trailing-data', effect: 'contradiction' }]);
    expect(result.problems[0]?.reason).toContain('100000 bytes');
  });

  it('ends when it is interrupted, and leaves no copy behind', async () => {
    const stop = new AbortController();
    const torch = writeTorchZip({ value: tuple(), storages: { '0': pseudoRandomBytes(12 * MiB, 'big') } });
    const packed = gzipSync(writeTar([{ name: 'a.pt', content: torch }]), { level: 0 });
    async function* source(): AsyncGenerator<Uint8Array, void> {
      yield* piecesOf(packed.subarray(0, 11 * MiB));
      stop.abort();
      yield* piecesOf(packed.subarray(11 * MiB));
    }
    const task: LayerTask = { size: packed.length, content: { kind: 'tar' }, describe: true };
    const failed = readLayer(task, source(), { name: 'x', signal: stop.signal });
    await expect(failed).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});

describe('names in a layer', () => {
  it('hide what lies below: whiteouts, opaque directories, and what union file systems keep for themselves', async () => {
    const result = await readFiles([
      { name: 'etc/.wh.passwd' },
      { name: '.wh.root' },
      { name: 'opt/.wh..wh..opq' },
      { name: '.wh..wh..opq' },
      { name: '.wh..wh.plnk/17.3', content: 'linked' },
      { name: '.wh..wh.aufs' },
      { name: 'usr/bin/tool', type: '1', link: '.wh..wh.plnk/17.3' },
      { name: 'usr/x.wh.y', content: '' },
      { name: 'usr/.wh.' },
    ]);
    expect(result.whiteouts).toEqual(['etc/passwd', 'root']);
    expect(result.opaque).toEqual(['opt', '.']);
    expect(result.entries.map(({ path }) => path)).toEqual(['usr/bin/tool', 'usr/x.wh.y']);
    expect(result.entries[0]).toMatchObject({ size: 6, sha256: sha256('linked') });
    expect(problemsOf(result)).toEqual(['path-escapes .']);
  });

  it('below a directory that is called like a whiteout are names like others', async () => {
    const result = await readFiles([
      { name: 'opt/.wh..wh.x/', type: '5' },
      { name: 'opt/.wh..wh.x/evil.pkl', content: 'x' },
      { name: 'opt/.wh.y/evil.pkl', content: 'x' },
    ]);
    expect(result.entries.map(({ path }) => path)).toEqual(['opt/.wh..wh.x/evil.pkl', 'opt/.wh.y/evil.pkl']);
    expect(result.whiteouts).toEqual(['opt/.wh.x']);
    expect(result.problems).toEqual([]);
  });

  it('whose bytes are nowhere in the result make it incomplete', async () => {
    const result = await readFiles(
      [
        { name: '.wh..wh.x/evil.pkl', content: 'x' },
        { name: '.wh..wh.plnk/1', content: '1' },
        { name: '.wh..wh.plnk/1', content: '2' },
        { name: 'a', type: '1', link: '.wh..wh.plnk/1' },
        { name: 'opt/.wh.evil.pkl', content: 'x' },
        { name: 'opt/.wh..wh..opq', content: 'x' },
        { name: 'dump', type: 'D', content: 'x' },
        { name: Array.from({ length: limits.layerPathParts + 1 }, () => 'd').join('/'), content: 'x' },
      ].flatMap((file) => [paxHeader({ path: file.name }), { ...file, name: 'x' }]),
    );
    expect(result.entries.map(({ path }) => path)).toEqual(['a', 'dump']);
    expect(problemsOf(result)).toEqual([
      'path-hidden .wh..wh.plnk/1',
      'unsupported opt/evil.pkl',
      'unsupported opt',
      'unsupported dump',
      'path-unusable .',
      'path-hidden .wh..wh.x/evil.pkl',
    ]);
    expect(new Set(result.problems.map(({ effect }) => effect))).toEqual(new Set(['incomplete']));
  });

  it('that leave the root are told, not mapped, and what follows is read', async () => {
    const result = await readFiles([
      { name: '../../etc/passwd', content: 'x'.repeat(1000) },
      { name: 'a/../../b', type: '2', link: 'x' },
      paxHeader({ path: 'n\0ul' }),
      { name: 'x', content: 'x' },
      { name: 'out', type: '1', link: '../../../etc/shadow' },
      { name: './', type: '0', content: 'x' },
      { name: 'ok', content: 'ok' },
    ]);
    expect(result.entries.map(({ path }) => path)).toEqual(['ok']);
    expect(problemsOf(result)).toEqual([
      'path-escapes .',
      'path-escapes .',
      'path-unusable .',
      'path-escapes out',
      'tar-type .',
      'path-unusable .',
    ]);
    // Their bytes are nowhere in the result.
    expect(new Set(result.problems.map(({ effect }) => effect))).toEqual(new Set(['incomplete']));
    expect(result.problems[0]?.reason).toContain('../../etc/passwd');
  });

  it('are told by the dozen, and then counted', async () => {
    const result = await readFiles(Array.from({ length: 100 }, (_, n) => ({ name: `../${n}` })));
    expect(result.problems).toHaveLength(33);
    expect(result.problems.at(-1)?.reason).toBe('and 68 more of the same');
  });

  it('that stand twice are told; the last one counts, with what was read of it', async () => {
    const path = 'site-packages/torch-2.8.0.dist-info/METADATA';
    const result = await readFiles([
      { name: path, content: metadata },
      { name: 'd/', type: '5' },
      { name: './d', type: '5' },
      { name: `./${path}`, content: metadata.replaceAll('torch', 'other') },
    ]);
    expect(problemsOf(result)).toEqual([`duplicate-name ${path}`]);
    expect(result.entries.map(({ path: each }) => each)).toEqual(['d', path]);
    expect(namesOf(result)).toContain('other');
    expect(namesOf(result)).not.toContain('torch');
  });

  it('that stand twice make it incomplete where bytes are lost, or other names went through a link', async () => {
    const twice = async (first: TarFile, second: TarFile): Promise<unknown> =>
      (await readFiles([first, { name: 'd/x', content: 'x' }, second])).problems[0]?.effect;
    const link: TarFile = { name: 'd', type: '2', link: 'usr/lib' };
    expect(await twice(link, { ...link, link: 'usr' })).toBe('incomplete');
    expect(await twice({ name: 'a', content: '1' }, { name: 'a', content: '2' })).toBe('incomplete');
    expect(await twice({ name: 'a', content: '1' }, { name: 'a', content: '1' })).toBe('contradiction');
    const many = Array.from({ length: 40 }, () => ({ name: 'a', content: '1' }));
    const { problems } = await readFiles([...many, { name: 'a', content: '2' }]);
    expect(problems.filter(({ effect }) => effect === 'incomplete')).toHaveLength(1);
  });

  it('of more characters than memory has room for are refused', () => {
    const count = nameCounter();
    const name = 'x'.repeat(2 ** 24);
    expect(() => {
      for (let length = 0; length <= limits.layerNameLength; length += name.length) count({ name });
    }).toThrow(expect.objectContaining({ code: 'E_LIMIT', rule: 'layer-names' }));
  });

  it('that are not Unicode are escaped', async () => {
    const bytes = Buffer.from(writeTar([{ name: 'a%41', content: 'x' }]));
    expect((await read(bytes)).entries[0]?.path).toBe('a%2541');
  });

  it('of sparse files are told not to be read', async () => {
    const sparse = paxHeader({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 'w.safetensors',
    });
    const result = await readFiles([sparse, { name: 'GNUSparseFile.1/w.safetensors', content: safetensors }]);
    expect(result.entries).toEqual([{ path: 'w.safetensors', type: 'file', size: safetensors.length }]);
    expect(problemsOf(result)).toEqual(['unsupported w.safetensors']);
  });

  it('over which readers of tar disagree are told', async () => {
    const result = await read(
      writeTar([{ name: 'a', type: '2', size: 3 }], Buffer.concat([new Uint8Array(1024), Buffer.from('x')])),
    );
    expect(result.problems).toMatchObject([
      { code: 'tar-size', effect: 'incomplete' },
      { code: 'tar-trailing-data', effect: 'contradiction' },
    ]);
  });
});

describe('what collectors say of a layer', () => {
  it('is what they say of the same files on disk, and so are the digests', async () => {
    const big = writeSafetensors({
      tensors: [{ name: 'w', dtype: 'U8', shape: [20 * MiB], data: pseudoRandomBytes(20 * MiB, 'weights') }],
    });
    const torch = writeTorchZip({
      value: call(global('os', 'system'), ['id']),
      storages: { '0': pseudoRandomBytes(9 * MiB, 'torch') },
    });
    const files: Record<string, Uint8Array | string> = {
      'config.json': '{"model_type":"llama","architectures":["LlamaForCausalLM"]}',
      'model.safetensors': big,
      'packed.tar': writeTar([{ name: 'inner.pkl', content: pickled(call(global('os', 'system'), ['id'])) }]),
      'pytorch_model.bin': torch,
      'readme.txt': 'nothing',
    };
    const directory = temporaryDirectory();
    for (const [path, content] of Object.entries(files)) writeFileSync(join(directory, path), content);
    const entries = (await collect((await openDirectory(directory)).entries())).filter(
      (item) => item.kind === 'entry',
    );
    const hashed = await hashEntries(entries, { workers: 0 });
    const walked = await walk(entries, fileCollectors);

    for (const packed of [gzipSync(writeTar(tarOf(files)), { level: 1 }), writeTar(tarOf(files))]) {
      const result = await read(writeTar(tarOf(files)), { packed, task: { chunks: 'all' } });
      expect(result.problems).toEqual([]);
      expect(result.entries).toEqual(
        hashed.map((file) =>
          file.kind === 'hashed'
            ? {
                path: file.path,
                type: 'file',
                size: file.size,
                sha256: file.sha256,
                chunkSize: file.chunkSize,
                chunkRoot: file.chunkRoot,
              }
            : file,
        ),
      );
      expect(result.readings.flatMap(({ facts }) => facts)).toEqual(walked.facts);
      expect(result.readings.flatMap(({ findings }) => findings)).toEqual(walked.findings);
      expect(result.readings.flatMap(({ problems }) => problems)).toEqual(walked.problems);
      expect(
        new Map(
          result.readings.flatMap(({ path, examined }) => (examined.length > 0 ? [[path, examined]] : [])),
        ),
      ).toEqual(walked.examined);
    }
    expect(walked.findings.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['packed.tar', 'pytorch_model.bin']),
    );
  });

  it('comes with chunk roots of weights alone, unless those of all are wanted', async () => {
    const files = [
      { name: 'w.safetensors', content: safetensors },
      { name: 'a', content: 'a' },
    ];
    const [weights, other] = (await readFiles(files)).entries;
    expect(weights).toMatchObject({
      chunkSize: 8 * MiB,
      chunkRoot: sha256(Buffer.from(sha256(safetensors), 'hex')),
    });
    expect(other).not.toHaveProperty('chunkRoot');
    expect((await readFiles(files, { task: { chunks: 'all' } })).entries[1]).toHaveProperty('chunkRoot');
  });

  it('is nothing where nobody asks', async () => {
    const result = await readFiles([{ name: 'w.safetensors', content: safetensors }], {
      task: { describe: false },
    });
    expect(result.readings).toEqual([]);
    expect(result.entries).toMatchObject([{ sha256: sha256(safetensors) }]);
  });

  it('is read from the layer itself where that lies unpacked on this machine', async () => {
    const torch = writeTorchZip({ value: tuple(), storages: { '0': pseudoRandomBytes(9 * MiB, 'torch') } });
    const tar = writeTar([
      { name: 'm.pt', content: torch },
      { name: 'again.pt', type: '1', link: 'm.pt' },
    ]);
    const file = join(temporaryDirectory(), 'archive');
    writeFileSync(file, Buffer.concat([Buffer.from('before'), tar, Buffer.from('after')]));
    const local = { file, offset: 6, length: tar.length };
    const task: LayerTask = {
      digest: digest(tar),
      size: tar.length,
      content: { kind: 'tar' },
      describe: true,
    };
    const result = await readLocalLayer(task, local, { name: 'x', room: 0 });
    expect(result.readings.map(({ path, problems }) => [path, problems])).toEqual([
      ['m.pt', []],
      ['again.pt', []],
    ]);
    const cut = readLocalLayer(task, { ...local, length: tar.length + 100 }, { name: 'x' });
    expect(await refusal(cut)).toBe('E_UNREADABLE changed-while-read');
  });

  it('is a problem where a file is too large to be copied and its reader goes back and forth', async () => {
    const inner = writeTar([
      { name: 'a', content: new Uint8Array(9 * MiB) },
      { name: 'b.pkl', content: pickled(call(global('os', 'system'), ['id'])) },
      { name: 'c', content: new Uint8Array(MiB) },
    ]);
    const files = [{ name: 'm.tar', content: inner }];
    const packed = gzipSync(writeTar(files), { level: 0 });
    const result = await readFiles(files, { packed, pass: { room: 0 } });
    expect(result.readings[0]?.problems).toMatchObject([{ effect: 'incomplete', code: 'not-kept' }]);
    expect(result.readings[0]?.findings).toEqual([]);
    expect((await readFiles(files, { packed })).readings[0]?.findings).not.toEqual([]);
    // Weights whose header says everything need no copy.
    const big = writeSafetensors({
      tensors: [{ name: 'w', dtype: 'U8', shape: [limits.spoolMemoryBytes + MiB] }],
    });
    const start = await readFiles([{ name: 'm.safetensors', content: big }], { pass: { room: 0 } });
    expect(start.readings[0]?.facts[0]?.tensors?.tensors).toHaveLength(1);
    expect(start.readings[0]?.problems).toEqual([]);
  });

  it('is of one file where the layer is one, which is never unpacked', async () => {
    const packed = gzipSync(safetensors);
    for (const [bytes, facts] of [
      [safetensors, 1],
      [packed, 0],
    ] as const) {
      const task: Partial<LayerTask> = {
        content: { kind: 'file', path: 'm/model.safetensors.gz' },
        chunks: 'all',
      };
      const result = await read(bytes, { packed: bytes, task });
      expect(result).toMatchObject({ codec: 'none', diffId: digest(bytes), unpackedSize: bytes.length });
      expect(result.entries).toMatchObject([
        { path: 'm/model.safetensors.gz', sha256: sha256(bytes), chunkSize: 8 * MiB },
      ]);
      expect(
        result.readings.flatMap(({ facts: found }) => found.filter(({ tensors }) => tensors)),
      ).toHaveLength(facts);
    }
  });

  it('is nothing where the layer is opaque', async () => {
    const bytes = gzipSync('anything');
    const result = await read(bytes, {
      packed: bytes,
      task: { content: { kind: 'opaque' }, diffId: digest(Buffer.of()) },
    });
    expect(result).toMatchObject({ digest: digest(bytes), diffId: digest(bytes), entries: [], readings: [] });
  });
});

describe('other names of a file', () => {
  const path = (root: string): string => `${root}/torch-2.8.0.dist-info/METADATA`;

  it('are read, too: uv installs packages as hard links from its cache', async () => {
    const result = await readFiles([
      { name: path('root/.cache/uv/archive-v0/x'), content: metadata },
      {
        name: path('venv/lib/python3.12/site-packages'),
        type: '1',
        link: `/${path('root/.cache/uv/archive-v0/x')}`,
      },
      { name: path('elsewhere'), type: '1', link: path('venv/lib/python3.12/site-packages') },
      { name: 'below', type: '1', link: 'usr/bin/python3' },
    ]);
    expect(result.readings.map((reading) => reading.path)).toEqual([
      path('root/.cache/uv/archive-v0/x'),
      path('venv/lib/python3.12/site-packages'),
      path('elsewhere'),
    ]);
    expect(result.entries.map(({ type, sha256: hex }) => [type, hex])).toEqual([
      ['file', sha256(metadata)],
      ['hard-link', sha256(metadata)],
      ['hard-link', sha256(metadata)],
      ['hard-link', undefined],
    ]);
  });

  it('are read where nobody wanted the first one: pnpm keeps files under their digests', async () => {
    const small = '{"name":"left-pad","version":"1.3.0"}';
    const large = JSON.stringify({ name: 'large', version: '1.0.0', filler: 'x'.repeat(10_000) });
    const files: TarFile[] = [small, large].flatMap((content, n) => [
      { name: `store/v3/files/0${n}/abc`, content },
      { name: `app/node_modules/p${n}/package.json`, type: '1', link: `store/v3/files/0${n}/abc` },
    ]);
    const tar = writeTar(files);
    const packed = gzipSync(tar);
    const twice = await read(tar, { packed, pass: { again: () => piecesOf(packed) } });
    expect(namesOf(twice)).toEqual(['left-pad', 'large']);
    expect(twice.problems).toEqual([]);
    const once = await read(tar, { packed });
    expect(namesOf(once)).toEqual(['left-pad']);
    expect(problemsOf(once)).toEqual(['alias-unread app/node_modules/p1/package.json']);
    // What comes the second time is believed only when it is the same.
    const other = gzipSync(
      writeTar(
        files.map((file) => ({ ...file, content: String(file.content ?? '').replace('large', 'other') })),
      ),
    );
    expect(problemsOf(await read(tar, { packed, pass: { again: () => piecesOf(other) } }))).toEqual([
      'alias-unread app/node_modules/p1/package.json',
    ]);
  });

  const hub = 'root/.cache/huggingface/hub/models--org--name';
  const snapshot = `${hub}/snapshots/${'0'.repeat(40)}`;
  const config = '{"model_type":"llama"}';
  const gitBlob = createHash('sha1').update(`blob ${config.length}\0${config}`).digest('hex');

  it("are those of the Hub's cache, whose blobs are read under the names of the snapshot, in any order", async () => {
    const weights = sha256(safetensors);
    const links: TarFile[] = [
      { name: `${snapshot}/config.json`, type: '2', link: `../../blobs/${gitBlob}` },
      { name: `${snapshot}/sub/model.safetensors`, type: '2', link: `../../../blobs/${weights}` },
      { name: `${snapshot}/out`, type: '2', link: `../../../../../blobs/${weights}` },
    ];
    const blobs: TarFile[] = [
      { name: `${hub}/blobs/${gitBlob}`, content: config },
      { name: `${hub}/blobs/${weights}`, content: safetensors },
      { name: `${hub}/blobs/${sha256('alone')}`, content: 'alone' },
    ];
    for (const files of [
      [...links, ...blobs],
      [...blobs, ...links],
    ]) {
      const result = await readFiles(files.flatMap(long));
      expect(result.readings.map((reading) => reading.path)).toEqual([
        `${snapshot}/config.json`,
        `${snapshot}/sub/model.safetensors`,
      ]);
      expect(result.problems).toEqual([]);
    }
    const alone = await readFiles(blobs.flatMap(long));
    expect(alone.readings.map((reading) => reading.path)).toEqual([`${hub}/blobs/${weights}`]);
  });

  it('promise the bytes of a blob', async () => {
    const blobs = [
      { name: `${hub}/blobs/${gitBlob}`, content: `${config} ` },
      { name: `${hub}/blobs/${sha256('x')}`, content: 'y' },
    ];
    const result = await readFiles(blobs.flatMap(long));
    expect(result.problems).toMatchObject([
      { code: 'promise-broken', effect: 'contradiction', path: `${hub}/blobs/${gitBlob}` },
      { code: 'promise-broken', path: `${hub}/blobs/${sha256('x')}` },
    ]);
  });
});

/** A member with names that are too long for its header. */
function long(file: TarFile): TarFile[] {
  const { name, link } = file;
  return [
    paxHeader({ path: name, ...(link === undefined ? {} : { linkpath: link }) }),
    { ...file, name: 'x', link: '' },
  ];
}

function tarOf(files: Readonly<Record<string, Uint8Array | string>>): TarFile[] {
  return Object.entries(files).map(([name, content]) => ({ name, content }));
}

describe('a collector that reads the first bytes alone', () => {
  it('reads no others', async () => {
    const files = [
      memoryEntry('w.safetensors', safetensors),
      memoryEntry('t.csv', 'a,b\n1,2\n'.repeat(3_000_000)),
    ];
    for (const entry of files) {
      for (const collector of fileCollectors) {
        if (collector.readsFirst === undefined || !collector.wants(entry, await entry.head(limits.headBytes)))
          continue;
        let end = 0;
        const watched = {
          ...entry,
          read: (range: { offset: number; length: number }) => {
            end = Math.max(end, range.offset + range.length);
            return entry.read(range);
          },
        };
        await collector.collect(watched);
        expect(end).toBeLessThanOrEqual(collector.readsFirst);
      }
    }
  });
});
