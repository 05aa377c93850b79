/** What goes where: documents to stdout, words to stderr, one result in JSON, and pipes that end early. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import { writeModelDirectory } from '../fixtures/model-directory.ts';
import { cli, mlbom, mlbomJson, newDirectory, shell, temporaryDirectory } from './mlbom.ts';

let cwd: string;

beforeAll(async () => {
  cwd = newDirectory();
  await writeModelDirectory(join(cwd, 'model'));
  mlbom(['generate', 'model', '-o', 'cyclonedx-json=bom.json', '--version', '1'], { cwd });
  mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
  mlbom(['sign', 'bom.json', '--key', 'k.key'], { cwd });
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('standard output and standard error', () => {
  it('are the BOM and the words of generate', () => {
    const { status, stdout, stderr } = mlbom(['generate', 'model', '--version', '1'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(cwd, 'bom.json'), 'utf8'));
    expect(stderr).toContain('artifact  sha256:');
  });

  it('are the table and nothing when a table was asked for', () => {
    const { stdout, stderr } = mlbom(['generate', 'model', '-o', 'table'], { cwd });
    expect(stdout).toContain('artifact  sha256:');
    expect(stderr).toBe('');
  });

  it('are nothing and the words when documents go to files', () => {
    const to = temporaryDirectory();
    const { stdout, stderr } = mlbom(['generate', 'model', '-o', `cyclonedx-json=${to}/b.json`], { cwd });
    expect(stdout).toBe('');
    expect(stderr).toContain(`wrote     ${to}/b.json.manifest.json (manifest)`);
  });

  it('are the verdict and nothing for verify, the findings and nothing for validate', () => {
    const verified = mlbom(['verify', 'bom.json', '--key', 'k.pub', '--at', 'model'], { cwd });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    expect(verified.stdout).toMatch(/\nVERIFIED\n$/);
    const validated = mlbom(['validate', 'bom.json'], { cwd });
    expect([validated.status, validated.stderr]).toEqual([0, '']);
  });

  it.each([
    ['generate', ['generate', 'model', '-o', 'table=/dev/null']],
    ['verify', ['verify', 'bom.json', '--key', 'k.pub', '--at', 'model']],
    ['validate', ['validate', 'bom.json']],
    ['diff', ['diff', 'bom.json', 'bom.json']],
  ])('are empty for %s with --quiet', (_, args) => {
    expect(mlbom([...args, '--quiet'], { cwd })).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('carry no colours where there is no terminal', () => {
    const { stdout, stderr } = mlbom(['generate', 'model', '-o', 'table', '-o', 'manifest=/dev/null'], {
      cwd,
    });
    expect(stdout + stderr).not.toContain('\x1b');
  });
});

describe('--json prints one envelope', () => {
  const shape = ['checks', 'ok', 'outputs', 'problems', 'result', 'verdict'];

  it.each([
    ['generate', () => ['generate', 'model', '-o', `cyclonedx-json=${temporaryDirectory()}/b.json`]],
    ['sign', () => ['sign', 'bom.json', '--key', 'k.key', '--bundle', `${temporaryDirectory()}/b`]],
    ['keygen', () => ['keygen', '--output-key-prefix', `${temporaryDirectory()}/k`]],
    ['verify', () => ['verify', 'bom.json', '--key', 'k.pub', '--at', 'model']],
    ['validate', () => ['validate', 'bom.json']],
    ['diff', () => ['diff', 'bom.json', 'bom.json']],
  ])('for %s', (_, args) => {
    const { status, stdout, stderr, result } = mlbomJson(args(), { cwd });
    expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 0, stderr: '', lines: 2 });
    expect(Object.keys(result).sort()).toEqual(shape);
    expect(result).toMatchObject({ ok: true, verdict: 'pass' });
  });

  it('with the digest of every document that was written', () => {
    const to = temporaryDirectory();
    const { result } = mlbomJson(['generate', 'model', '-o', `cyclonedx-json=${to}/b.json`], { cwd });
    expect(result.outputs.map(({ format }) => format)).toEqual(['cyclonedx-json', 'manifest']);
    for (const { path, sha256: digest } of result.outputs) expect(sha256(readFileSync(path))).toBe(digest);
  });

  it('whose verdict is the exit code', () => {
    writeFileSync(join(cwd, 'broken.json'), '{"bomFormat":"CycloneDX","specVersion":"1.7","components":{}}');
    const invalid = mlbomJson(['validate', 'broken.json'], { cwd });
    expect([invalid.status, invalid.result.ok, invalid.result.verdict]).toEqual([1, false, 'fail']);
    const to = temporaryDirectory();
    mkdirSync(join(to, 'bad'));
    writeFileSync(join(to, 'bad/a.safetensors'), 'not a header');
    const args = ['generate', 'bad', '-o', 'cyclonedx-json=b.json'];
    const lenient = mlbomJson(args, { cwd: to });
    expect([lenient.status, lenient.result.verdict, lenient.result.problems.length]).toEqual([0, 'pass', 1]);
    const strict = mlbomJson([...args, '--strict'], { cwd: to });
    expect([strict.status, strict.result.verdict, strict.result.problems.length]).toEqual([3, 'unknown', 1]);
  });

  it('for the changes of a diff, whose --fail-on decides', () => {
    mlbom(['generate', 'model', '-o', 'cyclonedx-json=next.json', '--version', '2'], { cwd });
    const said = mlbomJson(['diff', 'bom.json', 'next.json'], { cwd });
    expect([said.status, said.result.verdict]).toEqual([0, 'pass']);
    const gated = mlbomJson(['diff', 'bom.json', 'next.json', '--fail-on', 'info'], { cwd });
    expect([gated.status, gated.result.verdict]).toEqual([1, 'fail']);
    const passed = mlbomJson(['diff', 'bom.json', 'next.json', '--fail-on', 'critical'], { cwd });
    expect(passed.status).toBe(0);
  });
});

describe('a pipe', () => {
  it('carries a BOM from generate to validate and to diff', () => {
    expect(shell('"$@" generate model --quiet | "$@" validate -', { cwd }).status).toBe(0);
    const { status, stdout } = shell(
      '"$@" generate model --version 1 --quiet | "$@" diff bom.json - --json',
      { cwd },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: { changes: [] } });
  });

  it('carries a BOM to sign, and a signed one to verify', () => {
    const { status } = shell(
      '"$@" sign - --key k.key < bom.json > piped.bundle && "$@" verify - --bundle piped.bundle --key k.pub --at model < bom.json',
      { cwd },
    );
    expect(status).toBe(0);
  });

  it('that is closed early is no error', () => {
    const { status, stderr } = shell('"$@" generate model --quiet | head -c 100 > /dev/null', { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('that is closed early changes no verdict', () => {
    const failing = '"$@" verify bom.json --key k.pub --at model/onnx';
    expect(shell(`${failing} | true`, { cwd }).status).toBe(1);
    expect(shell(`${failing} --json | true`, { cwd }).status).toBe(1);
    expect(shell(`${failing} 2>&1 >&- | true`, { cwd }).status).toBe(1);
  });

  it('of words that is closed early is no error', () => {
    expect(shell('"$@" generate model 2>&1 >/dev/null | true', { cwd }).status).toBe(0);
  });

  it.runIf(process.platform === 'linux')('that takes nothing more is told', () => {
    const { status, stderr } = shell('"$@" generate model --quiet > /dev/full', { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('[E_UNWRITABLE]');
  });

  it('may be an output by its path', () => {
    const { status, stdout } = shell('"$@" generate model --quiet -o table=/dev/stdout | cat', { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('artifact  sha256:');
  });
});

describe.runIf(hasScript())('on a terminal', () => {
  /** util-linux's `script` gives the command a terminal; its standard error is part of it. */
  function onTerminal(command: string, columns = 80): string {
    const line = `stty cols ${columns}; ${process.execPath} ${cli} ${command}`;
    return spawnSync('script', ['-qec', line, '/dev/null'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], TERM: 'xterm' },
    }).stdout;
  }

  it('words are coloured and as wide as it is', () => {
    const text = onTerminal('verify bom.json --key k.pub --at model', 60);
    expect(text).toContain('\x1b[32m');
    const widest = Math.max(
      ...text
        .replace(/\x1b\[\d+m/g, '')
        .split('\r\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(60);
  });

  it('a document in a file has no colours', () => {
    onTerminal('generate model -o table=table.txt');
    expect(readFileSync(join(cwd, 'table.txt'), 'utf8')).not.toContain('\x1b');
  });

  it('NO_COLOR is heard', () => {
    const line = `NO_COLOR=1 ${process.execPath} ${cli} verify bom.json --key k.pub --at model`;
    const { stdout } = spawnSync('script', ['-qec', line, '/dev/null'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(stdout).toContain('VERIFIED');
    expect(stdout).not.toContain('\x1b[');
  });
});

function hasScript(): boolean {
  const found = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
  if (!found) console.log('skipped: no `script` of util-linux to give a terminal');
  return found;
}
