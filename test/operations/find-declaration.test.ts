import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Declaration } from '../../src/core/declaration.ts';
import { findDeclaration, type FindDeclarationOptions } from '../../src/operations/find-declaration.ts';
import { mergeDeclarations } from '../../src/operations/merge-declarations.ts';
import { directoryWith } from './declaration-files.ts';

test('without any file there is no declaration, and nothing to note', async () => {
  expect(await found(directoryWith({}), {})).toEqual({ notes: [] });
});

test('mlbom.json of the working directory is read, and named without its directory', async () => {
  const directory = directoryWith({ 'mlbom.json': named('implicit') });
  expect(await found(directory, {})).toEqual({
    declaration: { source: 'mlbom.json', component: { name: 'implicit' } },
    notes: [],
  });
});

test.each([
  [
    '--declare over all',
    { declare: 'd.json', config: 'c.json', environment: { MLBOM_CONFIG: 'e.json' } },
    'd',
    'd.json, c.json',
  ],
  [
    '--declare over MLBOM_CONFIG',
    { declare: 'd.json', environment: { MLBOM_CONFIG: 'e.json' } },
    'd',
    'd.json, e.json',
  ],
  ['--declare over mlbom.json', { declare: 'd.json' }, 'd', 'd.json, mlbom.json'],
  [
    '--config over MLBOM_CONFIG',
    { config: 'c.json', environment: { MLBOM_CONFIG: 'e.json' } },
    'c',
    'c.json',
  ],
  ['MLBOM_CONFIG over mlbom.json', { environment: { MLBOM_CONFIG: 'e.json' } }, 'e', 'e.json'],
  ['an empty MLBOM_CONFIG is none', { environment: { MLBOM_CONFIG: '' } }, 'implicit', 'mlbom.json'],
])('%s', async (_, options, name, source) => {
  const directory = directoryWith({
    'd.json': named('d'),
    'c.json': named('c'),
    'e.json': named('e'),
    'mlbom.json': named('implicit'),
  });
  const { declaration } = await found(directory, options);
  expect(declaration).toEqual({ source, component: { name } });
});

test('a file that is both declaration and configuration is named once', async () => {
  const directory = directoryWith({ 'mlbom.json': named('x') });
  const { declaration } = await found(directory, { declare: './mlbom.json' });
  expect(declaration?.source).toBe('mlbom.json');
});

test.each(['.', 'dir:.', '..', 'mlbom.json'])(
  'an mlbom.json within the source %s is not read, and a note says how to use it',
  async (source) => {
    const directory = directoryWith({ 'model/mlbom.json': named('planted') });
    const { declaration, notes } = await found(join(directory, 'model'), { sources: [source] });
    expect(declaration).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('--declare mlbom.json')]);
  },
);

test.each(['..hidden', 'a..'])('a directory called %s below the source is within it', async (name) => {
  const directory = directoryWith({ [`model/${name}/mlbom.json`]: named('planted') });
  const { declaration, notes } = await found(join(directory, 'model', name), {
    sources: [join(directory, 'model')],
  });
  expect(declaration).toBeUndefined();
  expect(notes).toHaveLength(1);
});

test('a link does not lead out of a source: neither to it, nor from it, nor around it', async () => {
  const directory = directoryWith({
    'model/planted.json': named('planted'),
    'outside.json': named('outside'),
    'work/x': '',
  });
  symlinkSync('../model/planted.json', join(directory, 'work/mlbom.json'));
  symlinkSync('../outside.json', join(directory, 'model/mlbom.json'));
  symlinkSync('model', join(directory, 'alias'));
  for (const [place, source] of [
    ['work', '../model'],
    ['model', '.'],
    ['alias', '../model'],
    ['model', '../alias'],
  ] as const) {
    const { declaration, notes } = await found(join(directory, place), { sources: [source] });
    expect([place, source, declaration, notes.length]).toEqual([place, source, undefined, 1]);
  }
});

test.each(['declare', 'config'] as const)(
  'a file within a source is read when --%s names it',
  async (flag) => {
    const directory = directoryWith({ 'mlbom.json': named('meant') });
    const result = await found(directory, { [flag]: 'mlbom.json', sources: ['.'] });
    expect(result).toEqual({
      declaration: { source: 'mlbom.json', component: { name: 'meant' } },
      notes: [],
    });
  },
);

test('a working directory beside the source, with a name that begins alike, is not within it', async () => {
  const directory = directoryWith({ 'model-tools/mlbom.json': named('mine'), 'model/x': '' });
  const { declaration } = await found(join(directory, 'model-tools'), { sources: ['../model'] });
  expect(declaration?.component?.name).toBe('mine');
});

test.each(['declare', 'config'] as const)('a file that --%s names must be there', async (flag) => {
  await expect(found(directoryWith({}), { [flag]: 'absent.json' })).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
  });
});

test('an mlbom.json that is wrong is an error, not ignored', async () => {
  await expect(found(directoryWith({ 'mlbom.json': '{' }), {})).rejects.toMatchObject({ code: 'E_CONFIG' });
});

const first: Declaration = {
  source: 'a',
  bom: { lifecycle: 'build' },
  component: { name: 'a', tags: ['a'] },
  datasets: [{ name: 'a' }],
  training: { run: '1', parameters: { epochs: 1 } },
};
const second: Declaration = {
  source: 'b',
  bom: { lifecycle: 'design', license: 'CC0-1.0' },
  component: { version: '2', tags: ['b', 'c'] },
  datasets: [{ name: 'b' }, { name: 'c' }],
  dataFlows: [{ service: 'b', flow: 'inbound' }],
  training: { run: '1', description: 'b', parameters: { epochs: 2, seed: 3 } },
  security: { controls: [{ claim: 'b' }] },
};

test('two declarations are merged by section and field, and lists are replaced', () => {
  expect(mergeDeclarations(first, second)).toEqual({
    source: 'a, b',
    bom: { lifecycle: 'build', license: 'CC0-1.0' },
    component: { name: 'a', version: '2', tags: ['a'] },
    datasets: [{ name: 'a' }],
    dataFlows: [{ service: 'b', flow: 'inbound' }],
    training: { run: '1', description: 'b', parameters: { epochs: 1 } },
    security: { controls: [{ claim: 'b' }] },
  });
});

test('two training runs are never mixed', () => {
  const other = { ...second, training: { run: '2', description: 'another run' } };
  expect(mergeDeclarations(first, other).training).toEqual(first.training);
});

function named(name: string): object {
  return { version: 1, component: { name } };
}

function found(workingDirectory: string, options: Partial<FindDeclarationOptions>) {
  return findDeclaration({ environment: {}, sources: ['/nowhere'], ...options, workingDirectory });
}
