/** A wrong command line exits 2, in words and in JSON, and writes nothing. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mlbom, mlbomJson, temporaryDirectory } from './mlbom.ts';

const wrong: [string, string[]][] = [
  ['an unknown command', ['generat', 'model']],
  ['an unknown flag in the place of a command', ['--nope']],
  ['help for an unknown command', ['help', 'generat']],
  ['an unknown flag', ['generate', '--nope', 'model']],
  ['a flag without its value', ['verify', 'bom.json', '--key']],
  ['a value that a flag does not take', ['generate', 'model', '--spec-version', '1.5']],
  ['no source', ['generate']],
  ['an empty source', ['generate', '']],
  ['one BOM to compare', ['diff', 'bom.json']],
  ['three BOMs to compare', ['diff', 'bom.json', 'bom.json', 'bom.json']],
  ['two BOMs on stdin', ['diff', '-', '-']],
  ['BOM and bundle on stdin', ['verify', '-', '--bundle', '-', '--key', 'k.pub', '--signature-only']],
  ['no key to sign with', ['sign', 'bom.json']],
  ['nobody to trust', ['verify', 'bom.json', '--at', 'model']],
  ['no place to verify', ['verify', 'bom.json', '--key', 'k.pub']],
  ['a place, and none', ['verify', 'bom.json', '--key', 'k.pub', '--at', 'model', '--signature-only']],
  ['a public key that is none', ['verify', 'bom.json', '--key', 'bom.json', '--at', 'model']],
  ['a private key that is none', ['sign', 'bom.json', '--key', 'bom.json']],
  [
    'a digest cut short',
    ['verify', 'bom.json', '--key', 'k.pub', '--at', 'model', '--artifact', 'sha256:12'],
  ],
  ['an unknown format', ['generate', 'model', '-o', 'xml=x']],
  ['a path in the place of a format', ['generate', 'model', '-o', 'bom.json']],
  ['a format without the path that its sign promises', ['generate', 'model', '-o', 'table=']],
  ['an output inside the source', ['generate', 'model', '-o', 'cyclonedx-json=model/bom.json']],
  ['an output that is the source', ['generate', 'bom.json', '-o', 'cyclonedx-json=bom.json']],
  ['an output inside the source by a link', ['generate', 'model', '-o', 'table=link/table.txt']],
  ['two documents with one path', ['generate', 'model', '-o', 'cyclonedx-json=x', '-o', 'table=./x']],
  ['a declaration that is none', ['generate', 'model', '--declare', 'declaration.json']],
];

function workingDirectory(): string {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, 'model'));
  writeFileSync(join(cwd, 'model/a.txt'), 'a');
  writeFileSync(join(cwd, 'bom.json'), '{"bomFormat":"CycloneDX","specVersion":"1.7"}');
  writeFileSync(join(cwd, 'declaration.json'), '{"nobody":"knows this"}');
  symlinkSync('model', join(cwd, 'link'));
  return cwd;
}

describe.each(wrong)('%s', (_, args) => {
  it('exits 2 with an error and a next step', () => {
    const cwd = workingDirectory();
    const before = readdirSync(cwd, { recursive: true });
    const { status, stdout, stderr } = mlbom(args, { cwd });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: [^\n]+ \[E_(USAGE|KEY|CONFIG)\]\n(Try this: [^\n]+\n)?$/);
    expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  });

  it('exits 2 with one result in JSON', () => {
    const { status, stdout, stderr, result } = mlbomJson(args, { cwd: workingDirectory() });
    expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 2, stderr: '', lines: 2 });
    expect(result).toMatchObject({ ok: false, verdict: 'unknown', checks: [], outputs: [] });
    expect(result.problems).toEqual([
      expect.objectContaining({
        code: expect.stringMatching(/^E_(USAGE|KEY|CONFIG)$/) as string,
        message: expect.any(String) as string,
      }),
    ]);
  });
});

describe('a document on stdout', () => {
  it('is one at most', () => {
    const cwd = workingDirectory();
    expect(mlbom(['generate', 'model', '-o', 'table', '-o', 'manifest'], { cwd }).status).toBe(2);
  });

  it('does not go with --json, which prints its own', () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, 'new.json'), '{"bomFormat":"CycloneDX","specVersion":"1.7"}');
    expect(mlbomJson(['generate', 'model'], { cwd }).status).toBe(2);
    expect(mlbomJson(['generate', 'model', '-o', 'table'], { cwd }).status).toBe(2);
    expect(mlbomJson(['diff', 'bom.json', 'new.json', '-o', 'markdown'], { cwd }).status).toBe(2);
    expect(mlbomJson(['sign', 'bom.json', '--key', 'k', '--bundle', '-'], { cwd }).status).toBe(2);
  });
});

it('takes what follows -- for a source, whatever it looks like', () => {
  const cwd = workingDirectory();
  mkdirSync(join(cwd, '--json'));
  writeFileSync(join(cwd, '--json/a.txt'), 'a');
  const { status, stdout } = mlbom(['generate', '--quiet', '--', '--json'], { cwd });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ metadata: { component: { name: '--json' } } });
  const missing = mlbom(['validate', '--', '--json'], { cwd });
  expect(missing.stderr).toMatch(/^Error: --json: /);
});
