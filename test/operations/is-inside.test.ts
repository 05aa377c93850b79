import { expect, test } from 'vitest';
import { assertOutside } from '../../src/operations/assert-outside.ts';
import { isInside } from '../../src/operations/is-inside.ts';
import { directoryWith } from './declaration-files.ts';

test.each([
  ['/a', '/a', true],
  ['/a/b/c', '/a', true],
  ['/a/..b', '/a', true],
  ['/a/...', '/a', true],
  ['/a', '/', true],
  ['/ab', '/a', false],
  ['/', '/a', false],
  ['/b', '/a', false],
])('%s in %s: %s', (path, directory, inside) => {
  expect(isInside(path, directory)).toBe(inside);
});

test('an output in a source is refused, also under a name that begins with dots', async () => {
  const directory = directoryWith({ 'model/..out/x': '' });
  for (const output of ['model/bom.json', 'model/..out/bom.json']) {
    const outside = assertOutside([`${directory}/${output}`], [`${directory}/model`]);
    await expect(outside).rejects.toMatchObject({ code: 'E_USAGE' });
  }
  await assertOutside([`${directory}/bom.json`], [`dir:${directory}/model`]);
});
