import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '../src/core/vocabulary.ts';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** From the top of the house to its ground; rooms on one floor do not know each other. */
const floors = [
  ['commands', 'index.ts'],
  ['operations'],
  [
    'collectors',
    'inventory',
    'stores',
    'manifest',
    'bom',
    'signing',
    'lineage',
    'policy',
    'changes',
    'reports',
  ],
  ['formats'],
  ['core'],
];

/** Packages that only one room may import. */
const owners: Record<string, string> = {
  '@sigstore/': 'signing',
  '@cyclonedx/': 'bom',
  '@oclif/': 'commands',
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const imports = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file): Import[] => {
    const text = readFileSync(join(root, file), 'utf8');
    const found = text.matchAll(/(?:from|import\(|import)\s*'([^']+)'/g);
    return [...found].map(([, target = '']) => {
      const local = target.startsWith('.');
      const to = local ? relative(root, join(root, dirname(file), target)) : target;
      return { file, from: roomOf(file), to };
    });
  });

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

describe('the house', () => {
  const local = imports.filter(({ to }) => to.endsWith('.ts') && !to.startsWith('..'));

  it('has no room that the plan does not know', () => {
    expect(
      [...new Set(local.flatMap(({ from, to }) => [from, roomOf(to)]))].filter((room) => floorOf(room) < 0),
    ).toEqual([]);
  });

  it('is imported downwards only, and never across a floor', () => {
    const wrong = local.filter(({ from, to }) => from !== roomOf(to) && floorOf(from) >= floorOf(roomOf(to)));
    expect(wrong).toEqual([]);
  });

  it('has no collector that imports another one', () => {
    const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');
    const wrong = local.filter(
      ({ file, to }) =>
        file.split('/').length > 2 &&
        file.startsWith('collectors/') &&
        to.split('/').length > 2 &&
        folderOf(file) !== folderOf(to) &&
        to.startsWith('collectors/'),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps each special package to its room', () => {
    const wrong = imports.filter(({ from, to }) => {
      const owner = Object.keys(owners).find((prefix) => to.startsWith(prefix));
      return owner !== undefined && owners[owner] !== from;
    });
    expect(wrong).toEqual([]);
  });

  it('has no file of more than 350 lines', () => {
    const long = [...new Set(imports.map(({ file }) => file))].filter(
      (file) => readFileSync(join(root, file), 'utf8').split('\n').length > 350,
    );
    expect(long).toEqual([]);
  });

  it('names no property that the vocabulary does not have', () => {
    const named = [...new Set(imports.map(({ file }) => file))].flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/'(mlbom:[a-z0-9:-]+)'/g)].map(
        ([, name = '']) => name,
      ),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !Object.hasOwn(vocabulary, name))).toEqual([]);
  });
});
