import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { componentsOf } from '../../src/core/components-of.ts';
import { textAt, valueAt } from '../../src/core/json-access.ts';
import { parseJsonObject, type JsonObject } from '../../src/core/json.ts';
import { generateKeyPair } from '../../src/signing/generate-key-pair.ts';
import type { KeyAlgorithm } from '../../src/signing/key-algorithm.ts';
import { readBundle } from '../../src/signing/read-bundle.ts';
import { verifyBundle } from '../../src/signing/verify-bundle.ts';
import { writeFiles, writeModelDirectory } from '../fixtures/model-directory.ts';
import { componentAt, generated, propertyOf } from './generated.ts';
import { describeWith, python } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const predicateType = 'https://model_signing/signature/v1.0';

/** Pairs that one order of names puts the other way round than another. */
const orders = [
  'a/b',
  'a-b',
  'a.b/c',
  'a b',
  'B',
  'b',
  'A/z',
  '\u{1F999}',
  '\uFF5E',
  'z/\u{1F999}/x',
  'z/\uFF5E',
];

describeWith('model-signing', python('model_signing'), (peer) => {
  const directory = temporaryDirectory();

  async function signed(model: string, algorithm: KeyAlgorithm = 'ecdsa-p256', ...options: string[]) {
    const { privateKeyPem, publicKey } = await generateKeyPair({ algorithm });
    const key = join(directory, 'signer.key');
    const signature = join(directory, 'model.sig');
    writeFileSync(key, privateKeyPem);
    const files = ['--private_key', key, '--signature', signature];
    await peer.run('-m', 'model_signing', 'sign', 'key', model, ...files, ...options);
    const bundle = readFileSync(signature);
    return { bundle, publicKey, statement: parseJsonObject(readBundle(bundle).payload) };
  }

  test('signs the root that the BOM of the same directory has', async () => {
    const model = join(directory, 'model');
    await writeModelDirectory(model);
    const { statement } = await signed(model);
    const made = await generated(model);
    expect(propertyOf(componentAt(made, 'artifact'), 'mlbom:oms:root')).toBe(rootOf(statement));
    expect(filesOf(made)).toEqual(resourcesOf(statement));
  });

  test('leaves out the same files of Git, at the top alone, and orders names alike', async () => {
    const model = join(directory, 'git');
    const ignored = [
      '.git/config',
      '.git/objects/pack/x',
      '.gitignore',
      '.gitattributes',
      '.github/workflows/ci.yml',
    ];
    const kept = ['.gitkeep', 'sub/.git/config', 'sub/.gitignore', 'empty', ...orders];
    const content = (name: string): [string, string] => [name, name === 'empty' ? '' : name];
    await writeFiles(model, Object.fromEntries([...ignored, ...kept].map(content)));
    const { statement } = await signed(model);
    const made = await generated(model);
    expect(propertyOf(componentAt(made, 'artifact'), 'mlbom:oms:root')).toBe(rootOf(statement));
    expect(filesOf(made)).toEqual(resourcesOf(statement));
    expect(filesOf(made).map(([path]) => path)).toEqual(kept.toSorted());
  });

  test('signs the root that the BOM of a single file has', async () => {
    const model = join(directory, 'single.bin');
    writeFileSync(model, 'weights');
    const { statement } = await signed(model);
    expect(propertyOf(componentAt(await generated(model), 'artifact'), 'mlbom:oms:root')).toBe(
      rootOf(statement),
    );
  });

  test('signs the root of a snapshot in the cache of a hub, when told to follow links', async () => {
    const repository = join(directory, 'models--example--tiny');
    const snapshot = join(repository, 'snapshots', '0'.repeat(40));
    for (const name of ['config.json', 'onnx/model.bin']) {
      const blob = join(repository, 'blobs', name.replace('/', '-'));
      const link = join(snapshot, name);
      for (const path of [blob, link]) mkdirSync(dirname(path), { recursive: true });
      writeFileSync(blob, name);
      symlinkSync(blob, link);
    }
    const { statement } = await signed(snapshot, 'ecdsa-p256', '--allow_symlinks');
    expect(propertyOf(componentAt(await generated(snapshot), 'artifact'), 'mlbom:oms:root')).toBe(
      rootOf(statement),
    );
  });

  test.each(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'] as const)(
    'makes bundles with %s that verify, and that no other key verifies',
    async (algorithm) => {
      const model = join(directory, 'single.bin');
      writeFileSync(model, 'weights');
      const { bundle, publicKey } = await signed(model, algorithm);
      const { publicKey: stranger } = await generateKeyPair({ algorithm });
      const { checks, statement } = await verifyBundle(bundle, { keys: [publicKey] }, { predicateType });
      expect(checks.map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'pass', 'pass']);
      expect(statement?.predicateType).toBe(predicateType);
      const refused = await verifyBundle(bundle, { keys: [stranger] }, { predicateType });
      expect(refused.checks.find(({ id }) => id === 'signature')?.outcome).toBe('fail');
    },
  );
});

function rootOf(statement: JsonObject): string | undefined {
  const subjects = valueAt(statement, 'subject');
  return Array.isArray(subjects) && subjects.length === 1
    ? textAt(subjects[0], 'digest', 'sha256')
    : undefined;
}

function resourcesOf(statement: JsonObject): unknown[] {
  const resources = valueAt(statement, 'predicate', 'resources') as JsonObject[];
  return resources.map((resource) => [textAt(resource, 'name'), textAt(resource, 'digest')]).sort();
}

/** Path and SHA-256 of every file in the BOM. */
function filesOf({ bom }: Awaited<ReturnType<typeof generated>>): unknown[][] {
  const files = [...componentsOf(bom)].filter(({ component }) => propertyOf(component, 'mlbom:file:path'));
  return files
    .map(({ component }) => [propertyOf(component, 'mlbom:file:path'), component.hashes?.[0]?.content])
    .sort();
}
