import { describe, expect, it } from 'vitest';
import { makeTree, pathOf, type FollowOptions } from '../../src/inventory/squash-tree.ts';

describe('the tree of the merged layers', () => {
  const make: FollowOptions = { layer: 0, makes: true };

  it('has no more names than memory has room for, directories counted', () => {
    const tree = makeTree(() => undefined, 5);
    tree.directory(['a', 'b', 'c'], make);
    tree.directory(['d', 'e'], make);
    expect(() => tree.directory(['f'], make)).toThrow(
      expect.objectContaining({ code: 'E_LIMIT', rule: 'image-names' }),
    );
  });

  it('has room again where names are gone', () => {
    const tree = makeTree(() => undefined, 3);
    for (const name of ['a', 'b', 'c']) {
      const { node } = tree.directory([name, 'x', 'y'], make);
      expect(node && pathOf(node)).toBe(`${name}/x/y`);
      const top = tree.root.children?.get(name);
      if (top) tree.remove(top, 1);
    }
  });
});
