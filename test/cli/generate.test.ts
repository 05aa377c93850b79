import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bom } from '../../src/core/bom.ts';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import { sha256 } from '../../src/core/digest.ts';
import { writeModelDirectory } from '../fixtures/model-directory.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';
import { mlbom, newDirectory, temporaryDirectory } from './mlbom.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
let cwd: string;

beforeAll(async () => {
  cwd = newDirectory();
  await writeModelDirectory(join(cwd, 'model'));
  mkdirSync(join(cwd, 'data'));
  writeFileSync(join(cwd, 'data/rows.csv'), 'a,b\n');
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function generate(args: readonly string[], directory = cwd): Bom {
  const { status, stdout, stderr } = mlbom(['generate', ...args], { cwd: directory });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Bom;
}

/** Path and digest of every file that a BOM lists. */
function filesOf(bom: Bom): Record<string, string | undefined> {
  return Object.fromEntries(
    [...componentsOf(bom)].flatMap(({ component }) => {
      const path = propertyOf(component, 'mlbom:file:path');
      return path === undefined ? [] : [[path, component.hashes?.[0]?.content]];
    }),
  );
}

describe('the same bytes give the same BOM', () => {
  it.each(['1.6', '1.7'])('in two runs and from two parent directories, in version %s', (version) => {
    const elsewhere = temporaryDirectory();
    cpSync(join(cwd, 'model'), join(elsewhere, 'model'), { recursive: true });
    const args = ['generate', 'model', '--spec-version', version];
    const [first, second] = [mlbom(args, { cwd }), mlbom(args, { cwd })];
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ specVersion: version });
    expect(second.stdout).toBe(first.stdout);
    expect(mlbom(args, { cwd: elsewhere }).stdout).toBe(first.stdout);
    expect(mlbom(['generate', join(elsewhere, 'model'), ...args.slice(2)], { cwd: '/' }).stdout).toBe(
      first.stdout,
    );
  });

  it('but for the time, which SOURCE_DATE_EPOCH sets', () => {
    const bom = (epoch: string) => mlbom(['generate', 'model'], { cwd, env: { SOURCE_DATE_EPOCH: epoch } });
    expect(JSON.parse(bom('1').stdout)).toMatchObject({ metadata: { timestamp: '1970-01-01T00:00:01Z' } });
    expect(bom('yesterday').status).toBe(2);
  });
});

describe('flags', () => {
  it('that repeat do not swallow the source after them', () => {
    const to = temporaryDirectory();
    const { status, stdout } = mlbom(['generate', '-o', 'table', '-o', `manifest=${to}/m`, './model'], {
      cwd,
    });
    expect(status).toBe(0);
    expect(stdout).toContain('artifact  sha256:');
    expect(readdirSync(to)).toEqual(['m']);
  });

  it('name the subject and its version', () => {
    const { metadata } = generate(['model', '--name', 'support', '--version', '1.2']);
    expect(metadata?.component).toMatchObject({ name: 'support', version: '1.2' });
  });

  it('--strict exits 3 when there is a problem, and writes the BOM all the same', () => {
    const place = temporaryDirectory();
    mkdirSync(join(place, 'model'));
    symlinkSync('/nowhere', join(place, 'model/dangling'));
    const lenient = mlbom(['generate', 'model'], { cwd: place });
    const strict = mlbom(['generate', 'model', '--strict'], { cwd: place });
    expect([lenient.status, strict.status]).toEqual([0, 3]);
    expect(strict.stdout).toBe(lenient.stdout);
    expect(strict.stdout).toContain('symlink-dangling');
  });
});

describe('a source', () => {
  it('is every file of a directory, each with its SHA-256, whatever its name', () => {
    const files = filesOf(generate(['model']));
    const expected = readdirSync(join(cwd, 'model'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== '.gitattributes')
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files).toEqual(
      Object.fromEntries(
        expected.map((path) => [path.slice(join(cwd, 'model/').length), sha256(readFileSync(path))]),
      ),
    );
    expect(Object.keys(files)).toContain('odd names/line\nbreak.txt');
  });

  it('may have names that are no Unicode, and those that act on a terminal', () => {
    const place = temporaryDirectory();
    mkdirSync(join(place, 'model'));
    const name = Buffer.concat([Buffer.from(join(place, 'model/')), Buffer.from([0x66, 0xff, 0x6f])]);
    writeFileSync(name, 'x');
    writeFileSync(join(place, 'model/\x1b[31mred'), 'y');
    expect(Object.keys(filesOf(generate(['model'], place))).sort()).toEqual(['\x1b[31mred', 'f%FFo']);
    mlbom(['generate', 'model', '-o', 'cyclonedx-json=b.json', '--quiet'], { cwd: place });
    const { stdout } = mlbom(['generate', 'model', '-o', 'table'], { cwd: place });
    expect(stdout).not.toContain('\x1b');
  });

  it('may be one file', () => {
    const bom = generate(['model/config.json']);
    expect(filesOf(bom)).toEqual({
      'config.json': sha256(readFileSync(join(cwd, 'model/config.json'))),
    });
  });

  it('may be one of several, each an artifact of its own', () => {
    const bom = generate(['model', 'data']);
    const artifacts = [...componentsOf(bom)]
      .filter(({ component }) => propertyOf(component, 'mlbom:hash:scope') === 'manifest')
      .map(({ component }) => component.name);
    expect(artifacts).toHaveLength(2);
    expect(artifacts).toContain('data');
  });

  it('is named after dir: where it could be taken for a URI', () => {
    const place = temporaryDirectory();
    mkdirSync(join(place, 's3:/bucket'), { recursive: true });
    writeFileSync(join(place, 's3:/bucket/a'), 'a');
    expect(Object.keys(filesOf(generate(['dir:s3://bucket'], place)))).toEqual(['a']);
    const { status, stderr } = mlbom(['generate', 's3://user:secret@bucket/x?token=secret'], { cwd: place });
    expect(status).toBe(3);
    expect(stderr).not.toContain('secret');
  });

  it('may be a repository in the cache of the Hugging Face Hub, or its snapshot alone', () => {
    const place = temporaryDirectory();
    const repository = join(place, 'models--example--tiny');
    const snapshot = join(repository, 'snapshots', commit);
    const weights = writeSafetensors({ tensors: [{ name: 'w', dtype: 'F32', shape: [2, 2] }] });
    const card = '---\nlicense: mit\n---\n';
    const gitBlob = createHash('sha1').update(`blob ${card.length}\0${card}`).digest('hex');
    mkdirSync(join(repository, 'blobs'), { recursive: true });
    mkdirSync(join(repository, 'refs'));
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(repository, 'refs/main'), commit);
    writeFileSync(join(repository, 'blobs', sha256(weights)), weights);
    writeFileSync(join(repository, 'blobs', gitBlob), card);
    symlinkSync(`../../blobs/${sha256(weights)}`, join(snapshot, 'model.safetensors'));
    symlinkSync(`../../blobs/${gitBlob}`, join(snapshot, 'README.md'));

    const bom = generate(['models--example--tiny'], place);
    expect(filesOf(bom)).toEqual({ 'README.md': sha256(card), 'model.safetensors': sha256(weights) });
    expect(JSON.stringify(bom)).toContain(`pkg:huggingface/example/tiny@${commit}`);
    expect(generate([snapshot], place)).toEqual(bom);

    writeFileSync(join(repository, 'blobs', gitBlob), card.replace('mit', 'gpl'));
    const strict = mlbom(['generate', snapshot, '--strict'], { cwd: place });
    expect(strict.status).toBe(3);
    expect(strict.stdout).toContain('promise-broken');
  });
});

describe('outputs', () => {
  it('replace a link instead of following it into the source', () => {
    const place = temporaryDirectory();
    cpSync(join(cwd, 'data'), join(place, 'data'), { recursive: true });
    symlinkSync('data/rows.csv', join(place, 'bom.json'));
    expect(mlbom(['generate', 'data', '-o', 'cyclonedx-json=bom.json'], { cwd: place }).status).toBe(0);
    expect(readFileSync(join(place, 'data/rows.csv'), 'utf8')).toBe('a,b\n');
    expect(readFileSync(join(place, 'bom.json'), 'utf8')).toContain('CycloneDX');
    expect(readdirSync(place).sort()).toEqual(['bom.json', 'bom.json.manifest.json', 'data']);
  });

  it('that cannot be written exit 3', () => {
    const { status, stderr } = mlbom(['generate', 'data', '-o', 'cyclonedx-json=/nowhere/b.json'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('[E_UNWRITABLE]');
  });
});
