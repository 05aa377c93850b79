import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import type { FileDetail, TensorRecord } from '../../src/core/manifest.ts';
import { artifactDigest } from '../../src/manifest/artifact-digest.ts';
import { chunkRootOf } from '../../src/manifest/chunk-root.ts';
import { makeManifest } from '../../src/manifest/manifest.ts';
import { readSidecar, writeSidecar } from '../../src/manifest/sidecar.ts';
import { readTensorRows, tensorRoot } from '../../src/manifest/tensor-rows.ts';

const MiB = 1024 * 1024;
const tensors: TensorRecord[] = [
  { name: 'embed.weight', dtype: 'BF16', shape: [2, 8], offset: 64, length: 32 },
  { name: 'scalar', dtype: 'F32', shape: [], offset: 96, length: 4, sha256: sha256('x') },
];
const card = detail('README.md', 3);
const weights = { ...detail('model.safetensors', 20 * MiB), tensors };
const files = [card, weights];

test('a sidecar comes back as it was written', () => {
  const sidecar = readSidecar(writeSidecar([weights, card]));
  expect(sidecar).toEqual({ artifact: artifactDigest(makeManifest(files)), files });
});

test('it is canonical, follows its schema, and leaves the leaf of a small file out', () => {
  const bytes = writeSidecar(files);
  const document = JSON.parse(Buffer.from(bytes).toString()) as { files: JsonObject[] };
  expect(Buffer.from(bytes)).toEqual(canonicalBytes(document));
  expect(document.files.map((row) => Object.hasOwn(row, 'leaves'))).toEqual([false, true]);
  const schema = JSON.parse(readFileSync('schemas/manifest-v1.schema.json', 'utf8')) as JsonObject;
  const validate = new Ajv2020({ strictTuples: false }).compile(schema);
  expect([validate(document), validate.errors]).toEqual([true, null]);
});

test('the leaf of a small file may stand there', () => {
  const row = { leaves: Buffer.from(card.leaves).toString('base64') };
  expect(readSidecar(edited((document) => Object.assign(document.files[0] ?? {}, row))).files).toEqual(files);
});

describe('refuses', () => {
  const other = Buffer.alloc(96, 7).toString('base64');
  const cases: [string, (document: Document) => unknown][] = [
    ['another artifact digest', (document) => (document.artifact = sha256('other'))],
    ['a digest of the wrong length', (document) => (row(document).sha256 = 'abc')],
    ['a digest in upper case', (document) => (row(document).sha256 = weights.sha256.toUpperCase())],
    ['leaves that do not have the chunk root', (document) => (row(document).leaves = other)],
    ['a chunk root that the leaves do not have', (document) => (row(document).chunkRoot = sha256('other'))],
    ['too few leaves', (document) => (row(document).leaves = Buffer.alloc(64).toString('base64'))],
    ['missing leaves', (document) => delete row(document).leaves],
    [
      'leaves that are not base64',
      (document) => (row(document).leaves = `${Buffer.alloc(96, 5).toString('base64')}*`),
    ],
    ['a leaf that is not the digest of the small file', (document) => (row(document, 0).leaves = other)],
    ['a chunk size of its own', (document) => (row(document).chunkSize = 4 * MiB)],
    ['a negative size', (document) => (row(document).size = -1)],
    ['a size that is not whole', (document) => (row(document).size = 1.5)],
    ['an unknown member', (document) => (document.extra = 1)],
    ['an unknown member of a file', (document) => (row(document).extra = 1)],
    ['files out of order', (document) => document.files.reverse()],
    ['a file twice', (document) => document.files.push(row(document))],
    ['a path that leads out', (document) => (row(document).path = '../x')],
    ['files that are not a list', (document) => (document.files = {} as Row[])],
    ['a file that is not an object', (document) => (document.files[0] = 1 as Row)],
    ['a tensor outside the file', (document) => (row(document).tensors = [['t', 'F32', [1], 20 * MiB, 1]])],
  ];
  test.each(cases)('%s', (_, edit) => {
    expect(() => readSidecar(edited(edit))).toThrow(code('E_MALFORMED'));
  });

  test('a duplicate member', () => {
    const text = Buffer.from(writeSidecar(files))
      .toString()
      .replace('"version":1', '"version":1,"version":1');
    expect(() => readSidecar(Buffer.from(text))).toThrow(code('E_MALFORMED'));
  });

  test('a member called __proto__', () => {
    const text = Buffer.from(writeSidecar(files))
      .toString()
      .replace('"version":1', '"__proto__":{},"version":1');
    expect(() => readSidecar(Buffer.from(text))).toThrow(code('E_MALFORMED'));
  });

  test('another version', () => {
    expect(() => readSidecar(edited((document) => (document.version = 2)))).toThrow(code('E_UNSUPPORTED'));
  });

  test('a file larger than any file', () => {
    expect(() => readSidecar(edited((document) => (row(document).size = 2 ** 52)))).toThrow(code('E_LIMIT'));
  });
});

test('a sidecar that ends anywhere is malformed', () => {
  const bytes = writeSidecar(files);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readSidecar(bytes.subarray(0, length))).toThrow(code('E_MALFORMED'));
  }
});

test('whatever value stands anywhere, nothing but a typed error comes out', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64, -1, '', '__proto__'),
  );
  const member = fc.constantFrom(
    'path',
    'size',
    'sha256',
    'chunkSize',
    'chunkRoot',
    'leaves',
    'tensors',
    '__proto__',
  );
  fc.assert(
    fc.property(member, value, (name, content) => {
      const bytes = edited((document) => {
        Object.defineProperty(row(document), name, { value: content, enumerable: true, configurable: true });
      });
      onlyTypedErrors(() => readSidecar(bytes));
    }),
  );
  fc.assert(
    fc.property(value, (content) => {
      onlyTypedErrors(() =>
        readTensorRows([[...(Array.isArray(content) ? content : [content])]] as JsonValue, 100, 't'),
      );
      onlyTypedErrors(() => readTensorRows(content as JsonValue, 100, 't'));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      onlyTypedErrors(() => readSidecar(bytes));
    }),
  );
});

test.each([
  [['t', 'F32', [1], 2 ** 53, 4]],
  [['t', 'F32', [1], 0, 2 ** 64]],
  [['t', 'F32', [1], 98, 4]],
  [['t', 'F32', [-1], 0, 4]],
  [['t', 'F32', ['1'], 0, 4]],
  [['t', 'F32', [1], 0]],
  [['t', 'F32', [1], 0, 4, 'abc']],
  [[1, 'F32', [1], 0, 4]],
])('the tensor row %j is refused', (tensorRow) => {
  expect(() => readTensorRows([tensorRow], 100, 'model')).toThrow(code('E_MALFORMED'));
});

test('tensors out of order are refused', () => {
  const rows = [tensors[1], tensors[0]].map((tensor) => tensor && ['t', 'F32', [1], tensor.offset, 4]);
  expect(() => readTensorRows(rows as JsonValue, 100, 'model')).toThrow(code('E_MALFORMED'));
});

test('the tensor root covers every column', () => {
  const table = '[["embed.weight","BF16",[2,8],64,32],["scalar","F32",[],96,4,"' + sha256('x') + '"]]';
  expect(tensorRoot(tensors)).toBe(sha256(table));
});

/** A sidecar as anybody may write it. */
interface Document {
  version?: JsonValue;
  artifact?: JsonValue;
  extra?: JsonValue;
  files: Row[];
}

type Column = 'path' | 'size' | 'sha256' | 'chunkSize' | 'chunkRoot' | 'leaves' | 'tensors' | 'extra';
type Row = Partial<Record<Column, JsonValue>>;

function edited(edit: (document: Document) => unknown): Uint8Array {
  const document = JSON.parse(Buffer.from(writeSidecar(files)).toString()) as Document;
  edit(document);
  return Buffer.from(JSON.stringify(document));
}

function row(document: Document, index = 1): Row {
  return document.files[index] ?? {};
}

function detail(path: string, size: number): FileDetail {
  const digest = sha256(path);
  const leaves =
    size > 8 * MiB ? Buffer.alloc(32 * Math.ceil(size / (8 * MiB)), 5) : Buffer.from(digest, 'hex');
  return { path, size, sha256: digest, chunkSize: 8 * MiB, chunkRoot: chunkRootOf(leaves), leaves };
}

function onlyTypedErrors(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!isMlbomError(error)) throw error;
  }
}

function code(value: string): unknown {
  return expect.objectContaining({ code: value });
}
