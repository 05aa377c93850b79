import { expect, test } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import type { FileDetail, TensorRecord } from '../../src/core/manifest.ts';
import { locate } from '../../src/manifest/locate.ts';

const MiB = 1024 * 1024;
// Three chunks: the header and `a` in the first, `b` across the first two, `c` in the last.
const tensors = [tensor('a', 1, 6), tensor('b', 7, 4), tensor('c', 17, 3)];
const detail: FileDetail & { tensors?: readonly TensorRecord[] } = {
  path: 'model.safetensors',
  size: 20 * MiB,
  sha256: sha256('model'),
  chunkSize: 8 * MiB,
  chunkRoot: sha256('root'),
  leaves: leaves('0', '1', '2'),
  tensors,
};

test('equal leaves differ nowhere', () => {
  expect(found(leaves('0', '1', '2'))).toEqual({ chunks: [], header: false, tensors: [], exact: false });
});

test.each([
  ['first', leaves('x', '1', '2'), { chunks: [0], header: true, tensors: ['a', 'b'] }],
  ['middle', leaves('0', 'x', '2'), { chunks: [1], header: false, tensors: ['b'] }],
  ['last', leaves('0', '1', 'x'), { chunks: [2], header: false, tensors: ['c'] }],
])('a difference in the %s chunk names the tensors that overlap it', (_, actual, expected) => {
  expect(found(actual)).toEqual({ ...expected, exact: false });
});

test('the range of a chunk ends with the file', () => {
  const [chunk] = locate(detail, leaves('0', '1', 'x'), detail.size).chunks;
  expect(chunk).toEqual({ index: 2, offset: 16 * MiB, length: 4 * MiB });
});

test('digests of tensors name the exact one, and clear the header', () => {
  expect(found(leaves('x', '1', '2'), detail.size, ['x', 'b', 'c'])).toEqual({
    chunks: [0],
    header: false,
    tensors: ['a'],
    exact: true,
  });
});

test('when no tensor differs, the header does', () => {
  expect(found(leaves('x', '1', '2'), detail.size, ['a', 'b', 'c'])).toMatchObject({
    header: true,
    tensors: [],
  });
});

test('a header of its own chunks differs whatever the tensors do', () => {
  const far = { ...detail, tensors: [tensor('a', 9, 1)] };
  const difference = locate(far, leaves('x', 'x', '2'), detail.size, [sha256('x')]);
  expect(difference).toMatchObject({ header: true, exact: true });
});

test('a truncated file lacks its last chunks', () => {
  expect(found(leaves('0'), 8 * MiB)).toMatchObject({ chunks: [1, 2], tensors: ['b', 'c'] });
});

test('a grown file has chunks that nobody expected', () => {
  const difference = locate(detail, leaves('0', '1', 'x', '3'), 25 * MiB);
  expect(difference.size).toEqual({ expected: 20 * MiB, actual: 25 * MiB });
  expect(difference.chunks.map(({ index }) => index)).toEqual([2, 3]);
});

test('when the size asks for other chunks, all of them differ', () => {
  expect(found(leaves('0', '1', '2'), 90 * 1024 * MiB).chunks).toHaveLength(90 * 128);
});

test('a file that is no weights has chunks and no tensors', () => {
  const plain = { ...detail };
  delete plain.tensors;
  expect(locate(plain, leaves('x', '1', '2'), detail.size)).toMatchObject({
    header: false,
    tensors: [],
    exact: false,
  });
});

test('empty tensors overlap nothing', () => {
  const difference = locate(
    { ...detail, tensors: [tensor('empty', 1, 0)] },
    leaves('x', '1', '2'),
    detail.size,
  );
  expect(difference.tensors).toEqual([]);
});

function found(actual: Uint8Array, size = detail.size, digests?: readonly string[]) {
  const difference = locate(
    detail,
    actual,
    size,
    digests?.map((name) => sha256(name)),
  );
  return {
    chunks: difference.chunks.map(({ index }) => index),
    header: difference.header,
    tensors: difference.tensors.map(({ name }) => name),
    exact: difference.exact,
  };
}

/** Offset and length in MiB. */
function tensor(name: string, offset: number, length: number): TensorRecord {
  return {
    name,
    dtype: 'U8',
    shape: [length * MiB],
    offset: offset * MiB,
    length: length * MiB,
    sha256: sha256(name),
  };
}

function leaves(...contents: readonly string[]): Uint8Array {
  return Buffer.from(contents.map((content) => sha256(content)).join(''), 'hex');
}
