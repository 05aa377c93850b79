/** The tamper table: what a deployer sees when something happened on the way. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../src/core/check.ts';
import { writeModelDirectory } from '../fixtures/model-directory.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';
import { mlbom, mlbomJson, newDirectory, temporaryDirectory } from './mlbom.ts';

const weights = 'large/weights.safetensors';
const chunk = 8 * 1024 * 1024;
/** Three tensors of 6 MiB each: the second lies across the first chunk's end. */
const tensors = ['first', 'second', 'third'].map((name) => ({ name, dtype: 'F32', shape: [1536, 1024] }));
const large = writeSafetensors({ tensors });
const headerEnd = large.length - 3 * 6 * 1024 * 1024;

const root = process.getuid?.() === 0;
let place: string;

beforeAll(async () => {
  place = newDirectory();
  await writeModelDirectory(join(place, 'model'), { files: { [weights]: large } });
  await writeModelDirectory(join(place, 'other'));
  run('keygen', '--output-key-prefix', 'ours');
  run('keygen', '--output-key-prefix', 'theirs');
  makeSigned('model', 'model.cdx.json', '--version', '1');
  makeSigned('model', 'exact.cdx.json', '--version', '1', '--tensor-digests');
  makeSigned('other', 'other.cdx.json', '--version', '2');
});

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

function run(...args: string[]): void {
  const { status, stderr } = mlbom([...args, '--quiet'], { cwd: place });
  if (status !== 0) throw new Error(stderr);
}

function makeSigned(source: string, bom: string, ...more: string[]): void {
  run('generate', source, '-o', `cyclonedx-json=${bom}`, '--name', 'support', ...more);
  run('sign', bom, '--key', 'ours.key');
}

/** A copy of the model to do something to. */
function copy(): string {
  const directory = join(temporaryDirectory(), 'copy');
  cpSync(join(place, 'model'), directory, { recursive: true });
  return directory;
}

interface Verified {
  readonly status: number | null;
  /** What did not pass, as `id outcome subject: why`; subjects within the place. */
  readonly failed: string[];
  readonly checks: readonly Check[];
}

function verify(at: string, { bom = 'model.cdx.json', args = [] as string[] } = {}): Verified {
  const { status, result } = mlbomJson(['verify', bom, '--key', 'ours.pub', '--at', at, ...args], {
    cwd: place,
  });
  const failed = result.checks
    .filter((check) => check.required && check.outcome !== 'pass')
    .map(
      ({ id, outcome, subject = '', why }) => `${id} ${outcome} ${subject.replace(`${at}: `, '')}: ${why}`,
    );
  return { status, failed, checks: result.checks };
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('a copy that nobody touched', () => {
  it('is verified, byte for byte', () => {
    const { status, failed, checks } = verify(copy());
    expect({ status, failed }).toEqual({ status: 0, failed: [] });
    expect(checks.map(({ id }) => id)).toEqual([
      'parse',
      'bundle',
      'signature',
      'identity',
      'statement',
      'bom',
      'artifact',
      'manifest',
      'bytes',
      'ignored',
    ]);
  });
});

describe('a flipped byte is told to the file, the chunk and the tensors in it', () => {
  it.each([
    [
      'the first one of the file',
      0,
      'chunk 0 (bytes 0 to 8388607); perhaps the header; overlapping tensor first, tensor second',
    ],
    [
      'one in the header',
      20,
      'chunk 0 (bytes 0 to 8388607); perhaps the header; overlapping tensor first, tensor second',
    ],
    [
      'one in the first tensor',
      headerEnd + 5,
      'chunk 0 (bytes 0 to 8388607); perhaps the header; overlapping tensor first, tensor second',
    ],
    [
      'one in the middle',
      chunk + 100,
      'chunk 1 (bytes 8388608 to 16777215); overlapping tensor second, tensor third',
    ],
    [
      'the last one',
      large.length - 1,
      `chunk 2 (bytes 16777216 to ${large.length - 1}); overlapping tensor third`,
    ],
  ])('%s', (_, offset, where) => {
    const at = copy();
    flip(join(at, weights), offset);
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [`bytes fail ${weights}: content differs: ${where}`],
    });
  });
});

describe('with --tensor-digests a flipped byte is told to the exact tensor', () => {
  it.each([
    ['in the header', 20, 'chunk 0 (bytes 0 to 8388607); outside the tensors: the header'],
    ['in the first tensor', headerEnd, 'chunk 0 (bytes 0 to 8388607); exactly tensor first'],
    ['in the second, in its first chunk', chunk - 1, 'chunk 0 (bytes 0 to 8388607); exactly tensor second'],
    [
      'in the second, in its second chunk',
      chunk,
      'chunk 1 (bytes 8388608 to 16777215); exactly tensor second',
    ],
    [
      'at the end of the third',
      large.length - 1,
      `chunk 2 (bytes 16777216 to ${large.length - 1}); exactly tensor third`,
    ],
  ])('%s', (_, offset, where) => {
    const at = copy();
    flip(join(at, weights), offset);
    expect(verify(at, { bom: 'exact.cdx.json' })).toMatchObject({
      status: 1,
      failed: [`bytes fail ${weights}: content differs: ${where}`],
    });
  });
});

describe('a file of another size', () => {
  it('is told when it was truncated', () => {
    const at = copy();
    truncateSync(join(at, weights), large.length - 1);
    const { status, failed } = verify(at);
    expect(status).toBe(1);
    expect(failed).toEqual([
      `bytes fail ${weights}: content differs: ${large.length - 1} bytes instead of ${large.length}; chunk 2 (bytes 16777216 to ${large.length - 1}); overlapping tensor third`,
    ]);
  });

  it('is told when it was emptied', () => {
    const at = copy();
    truncateSync(join(at, weights), 0);
    const { status, failed } = verify(at);
    expect(status).toBe(1);
    expect(failed).toEqual([
      expect.stringContaining(`bytes fail ${weights}: content differs: 0 bytes instead of`),
    ]);
  });

  it('is told when it grew', () => {
    const at = copy();
    writeFileSync(join(at, weights), Buffer.from('!'), { flag: 'a' });
    const { status, failed } = verify(at);
    expect(status).toBe(1);
    expect(failed).toEqual([
      `bytes fail ${weights}: content differs: ${large.length + 1} bytes instead of ${large.length}; chunk 2 (bytes 16777216 to ${large.length}); overlapping tensor third`,
    ]);
  });
});

describe('a tree of another shape', () => {
  it('is told when a file was removed', () => {
    const at = copy();
    rmSync(join(at, 'config.json'));
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: ['bytes fail config.json: missing: no regular file of that name is there'],
    });
  });

  it('is told when a file was added', () => {
    const at = copy();
    writeFileSync(join(at, 'modeling_support.py'), 'print("hello")\n');
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: ['bytes fail modeling_support.py: not part of the signed artifact'],
    });
  });

  it('is told when a file was added below a directory that was signed', () => {
    const at = copy();
    mkdirSync(join(at, 'onnx/.git'));
    writeFileSync(join(at, 'onnx/.git/config'), '[core]\n');
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: ['bytes fail onnx/.git/config: not part of the signed artifact'],
    });
  });

  it('is told when a file was renamed, also by its case alone', () => {
    const at = copy();
    renameSync(join(at, 'config.json'), join(at, 'Config.json'));
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [
        'bytes fail Config.json: not part of the signed artifact',
        'bytes fail config.json: missing: no regular file of that name is there',
      ],
    });
  });

  it('is told when a name is the escaped form of the signed one', () => {
    const at = copy();
    renameSync(join(at, 'onnx/model.onnx_data'), join(at, 'onnx%2Fmodel.onnx_data'));
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [
        'bytes fail onnx%252Fmodel.onnx_data: not part of the signed artifact',
        'bytes fail onnx/model.onnx_data: missing: no regular file of that name is there',
      ],
    });
  });

  it('is told when two files were swapped', () => {
    const at = copy();
    const [a, b] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
    renameSync(join(at, a), join(at, 'aside'));
    renameSync(join(at, b), join(at, a));
    renameSync(join(at, 'aside'), join(at, b));
    const { status, failed } = verify(at);
    expect(status).toBe(1);
    expect(failed).toEqual([
      expect.stringContaining(`bytes fail ${a}: content differs`),
      expect.stringContaining(`bytes fail ${b}: content differs`),
    ]);
  });

  it('is told when a file became a link to the same bytes inside', () => {
    const at = copy();
    renameSync(join(at, weights), join(at, '.git'));
    symlinkSync('../.git', join(at, weights));
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [`bytes fail ${weights}: a symbolic link to ../.git stands where a file was signed`],
    });
  });

  it('is told when a file became a link to the same bytes outside', () => {
    const at = copy();
    rmSync(join(at, weights));
    symlinkSync(join(place, 'model', weights), join(at, weights));
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [`bytes fail ${weights}: the symbolic link leads out of the place`],
    });
  });

  it('is told when a directory became a link to the same files inside', () => {
    const at = copy();
    renameSync(join(at, 'large'), join(at, '.github'));
    symlinkSync('.github', join(at, 'large'));
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [`bytes fail ${weights}: a symbolic link to .github stands where a file was signed`],
    });
  });

  it('is told when a file became a directory', () => {
    const at = copy();
    rmSync(join(at, 'config.json'));
    mkdirSync(join(at, 'config.json'));
    writeFileSync(join(at, 'config.json/config.json'), '{}');
    expect(verify(at)).toMatchObject({
      status: 1,
      failed: [
        'bytes fail config.json: missing: no regular file of that name is there',
        'bytes fail config.json/config.json: not part of the signed artifact',
      ],
    });
  });

  it('names what lies there and is never examined', () => {
    const at = copy();
    mkdirSync(join(at, '.git'));
    writeFileSync(join(at, '.git/config'), '[core]\n');
    const { status, checks } = verify(at);
    expect(status).toBe(0);
    const ignored = checks.filter(({ id }) => id === 'ignored');
    expect(ignored.map(({ subject, outcome, required }) => [subject, outcome, required])).toEqual([
      [`${at}: .git`, 'unknown', false],
      [`${at}: .gitattributes`, 'unknown', false],
    ]);
  });
});

/** The evidence of the model in a directory of its own, to do something to. */
function evidence(): { bom: string; bundle: string } {
  const directory = temporaryDirectory();
  const bom = join(directory, 'model.cdx.json');
  for (const suffix of ['', '.sigstore.json', '.manifest.json']) {
    cpSync(join(place, `model.cdx.json${suffix}`), `${bom}${suffix}`);
  }
  return { bom, bundle: `${bom}.sigstore.json` };
}

function edit(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  const edited = change(text);
  expect(edited).not.toBe(text);
  writeFileSync(path, edited);
}

const notReached = (...ids: string[]): string[] =>
  ids.map((id) => `${id} unknown : not examined, because an earlier check did not pass`);

describe('evidence that was tampered with', () => {
  it('is told when a value of the BOM was edited, with its place', () => {
    const { bom } = evidence();
    edit(bom, (text) => text.replace('"version":"1"', '"version":"2"'));
    expect(verify(join(place, 'model'), { bom })).toMatchObject({
      status: 1,
      failed: [
        `bom fail ${bom}: not the BOM that was signed: it differs at /metadata/component/version`,
        ...notReached('artifact', 'manifest', 'bytes'),
      ],
    });
  });

  it('is told when a key of the BOM stands twice', () => {
    const { bom } = evidence();
    edit(bom, (text) => text.replace('"version":"1"', '"version":"2","version":"1"'));
    const { status, failed } = verify(join(place, 'model'), { bom });
    expect(status).toBe(1);
    expect(failed[0]).toMatch(/^parse fail .*the name "version" appears twice/);
  });

  it('does not mind how the BOM is laid out', () => {
    const { bom } = evidence();
    edit(bom, (text) => JSON.stringify(JSON.parse(text), null, 2));
    expect(verify(join(place, 'model'), { bom }).status).toBe(0);
  });

  it.each([
    ['the payload', /"payload":"(.{40})./, '"payload":"$1A', 'signature fail'],
    ['the signature', /"sig":"(.{20})./, '"sig":"$1A', 'signature fail'],
    ['a member that stands twice', /"payloadType"/, '"payloadType":"x","payloadType"', 'bundle fail'],
    ['no signature', /"signatures":\[.*?\]/, '"signatures":[]', 'bundle fail'],
    ['a member that nobody knows', /^\{/, '{"extra":1,', 'bundle fail'],
  ])('is told when the bundle was edited: %s', (_, what, by, outcome) => {
    const { bom, bundle } = evidence();
    edit(bundle, (text) => text.replace(what, by));
    const { status, failed } = verify(join(place, 'model'), { bom });
    expect(status).toBe(1);
    expect(failed[0]).toContain(outcome);
    expect(failed.at(-1)).toBe(notReached('bytes')[0]);
  });

  it('is told when the signature was removed', () => {
    const { bom, bundle } = evidence();
    rmSync(bundle);
    expect(verify(join(place, 'model'), { bom })).toMatchObject({
      status: 1,
      failed: [
        `bundle fail ${bundle}: there is no signature: no such file`,
        ...notReached('signature', 'identity', 'statement', 'bom', 'artifact', 'manifest', 'bytes'),
      ],
    });
  });

  it('is told when another key signed', () => {
    const { bom, bundle } = evidence();
    run('sign', bom, '--key', 'theirs.key', '--bundle', bundle);
    const { status, failed } = verify(join(place, 'model'), { bom });
    expect(status).toBe(1);
    expect(failed[0]).toBe('signature fail : no trusted key made this signature');
  });

  it('is told when the bundle belongs to another BOM of the same signer', () => {
    const { bom, bundle } = evidence();
    cpSync(join(place, 'other.cdx.json.sigstore.json'), bundle);
    const { status, failed } = verify(join(place, 'model'), { bom });
    expect(status).toBe(1);
    expect(failed[0]).toContain('bom fail');
  });

  it("is told when it is another artifact's, well signed, with its own bytes", () => {
    const args = ['--artifact', 'support@1'];
    const { status, failed, checks } = verify(join(place, 'other'), { bom: 'other.cdx.json', args });
    expect(status).toBe(1);
    expect(failed).toEqual([
      'artifact fail : signed, but not the artifact that was meant',
      ...notReached('bytes'),
    ]);
    expect(checks.find(({ id }) => id === 'artifact')).toMatchObject({
      expected: 'support@1',
      actual: expect.stringMatching(/^support@2 sha256:/) as string,
    });
    expect(verify(join(place, 'model'), { args }).status).toBe(0);
  });

  it.each([
    [
      'is of another artifact',
      (path: string) => {
        cpSync(join(place, 'other.cdx.json.manifest.json'), path);
      },
      'it belongs to another artifact',
    ],
    [
      'was edited',
      (path: string) => {
        edit(path, (text) => text.replace('"size":', '"size":1'));
      },
      'chunkSize is not|artifact digest|not one leaf|leaves the file',
    ],
    [
      'is no JSON',
      (path: string) => {
        writeFileSync(path, 'x');
      },
      'a value is missing',
    ],
  ])('cannot hide a difference with a sidecar that %s', (_, tamper, why) => {
    const { bom } = evidence();
    tamper(`${bom}.manifest.json`);
    const at = copy();
    flip(join(at, weights), chunk);
    const { status, failed, checks } = verify(at, { bom });
    expect(status).toBe(1);
    expect(failed).toEqual([
      `bytes fail ${weights}: content differs: no manifest sidecar says in which chunks`,
    ]);
    expect(checks.find(({ id }) => id === 'sidecar')?.why).toMatch(new RegExp(why));
  });
});

describe('what cannot be decided is no pass', () => {
  /** Root reads everything: there, the one who verifies is nobody. */
  function verifyAsOther(at: string): ReturnType<typeof mlbomJson> {
    const other = root ? { uid: 65534, gid: 65534 } : {};
    return mlbomJson(['verify', 'model.cdx.json', '--key', 'ours.pub', '--at', at], { cwd: place, ...other });
  }

  beforeAll(() => {
    chmodSync(place, 0o755);
  });

  it('exits 3 for a file that cannot be read', () => {
    const at = copy();
    chmodSync(join(at, '..'), 0o755);
    expect(verifyAsOther(at).status).toBe(0);
    chmodSync(join(at, 'config.json'), 0);
    const { status, result } = verifyAsOther(at);
    expect(status).toBe(3);
    expect(result).toMatchObject({ ok: false, verdict: 'unknown' });
    expect(result.checks.find(({ id }) => id === 'bytes')).toMatchObject({
      outcome: 'unknown',
      subject: `${at}: config.json`,
    });
  });

  it('exits 3 for a directory that cannot be listed, when all of it is hidden', () => {
    const at = copy();
    chmodSync(join(at, '..'), 0o755);
    mkdirSync(join(at, 'hidden'));
    chmodSync(join(at, 'hidden'), 0);
    expect(verifyAsOther(at).status).toBe(3);
  });

  it('exits 1 when beside an unreadable file another one differs', () => {
    const at = copy();
    chmodSync(join(at, '..'), 0o755);
    chmodSync(join(at, 'config.json'), 0);
    flip(join(at, 'README.md'), 0);
    expect(verifyAsOther(at).status).toBe(1);
  });

  it('exits 3 for a place that is not there', () => {
    expect(verify(join(tmpdir(), 'mlbom-nowhere'))).toMatchObject({
      status: 3,
      failed: [expect.stringContaining('bytes unknown')],
    });
  });

  it('exits 3 for a place of a kind that is not read', () => {
    expect(verify('s3://bucket/model').status).toBe(3);
  });

  it('exits 1 when one of two places differs, and 3 when one is missing', () => {
    const good = join(place, 'model');
    const bad = copy();
    flip(join(bad, 'README.md'), 0);
    expect(verify(good, { args: ['--at', bad] }).status).toBe(1);
    expect(verify(good, { args: ['--at', join(tmpdir(), 'mlbom-nowhere')] }).status).toBe(3);
  });

  it('exits 3 for a BOM that is not there', () => {
    const { status, stderr } = mlbom(['verify', 'none.json', '--key', 'ours.pub', '--at', '.'], {
      cwd: place,
    });
    expect(status).toBe(3);
    expect(stderr).toContain('[E_NOT_FOUND]');
  });

  it('lists at most 200 files and counts the rest', () => {
    const at = copy();
    for (let index = 0; index < 210; index++) writeFileSync(join(at, `extra-${index}`), '');
    const { status, failed } = verify(at);
    expect(status).toBe(1);
    expect(failed).toHaveLength(201);
    expect(failed.at(-1)).toContain('10 more files');
  });
});
