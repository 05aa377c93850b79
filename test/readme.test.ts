import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../src/commands/skin/exit-codes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface CommandManifest {
  readonly commands: Readonly<Record<string, { readonly id: string; readonly summary: string }>>;
}

describe('the README', () => {
  it('lists exactly the commands that there are, with their summaries', () => {
    const manifest = readFileSync(join(root, 'oclif.manifest.json'), 'utf8');
    const { commands } = JSON.parse(manifest) as CommandManifest;
    const rows = [...readme.matchAll(/^\| `mlbom ([a-z: ]+)` \| (.+) \|$/gm)].map(([, name, says]) => [
      name,
      says,
    ]);
    const real = Object.values(commands).map(({ id, summary }) => [id.replaceAll(':', ' '), summary]);
    expect(rows).toEqual(real.sort());
  });

  it('shows checks as they are printed', () => {
    const sample = readFileSync(join(root, 'samples/sign-and-verify/README.md'), 'utf8').split('\n');
    const shown = readme.split('\n').filter((line) => /^✓ (?:signature|bom) /.test(line));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((line) => !sample.includes(line))).toEqual([]);
  });

  it('names every exit code that there is', () => {
    const rows = [...readme.matchAll(/^\| (\d+(?: \/ \d+)*) \|/gm)].flatMap(([, codes = '']) =>
      codes.split(' / '),
    );
    expect(rows.map(Number)).toEqual(Object.values(exitCodes));
  });
});

describe('the documentation', () => {
  const pages = ['.', 'docs', 'schemas', 'attestations', 'samples'].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: directory !== '.', encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => join(root, directory, path)),
  );

  it('has links that lead somewhere', () => {
    const dead = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => join(dirname(page), target))
        .filter((target) => !existsSync(target))
        .map((target) => `${relative(root, page)} → ${relative(root, target)}`),
    );
    expect(dead).toEqual([]);
  });
});
