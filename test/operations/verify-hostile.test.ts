/** BOMs that a trusted signer was made to sign, and bundles that say something else: none of them may pass. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bom, Component, Property } from '../../src/core/bom.ts';
import { artifactsOf } from '../../src/bom/artifacts-of.ts';
import { cyclonedxPredicateType, statementType, type Subject } from '../../src/core/statement.ts';
import { artifactDigest } from '../../src/manifest/artifact-digest.ts';
import { makeManifest } from '../../src/manifest/manifest.ts';
import { generate } from '../../src/operations/generate.ts';
import { verify, type Verified } from '../../src/operations/verify.ts';
import { newKeys, signed } from '../signing/bundles.ts';
import { temporaryDirectory } from '../stores/temporary-directory.ts';

const keys = newKeys();
let place: string;
let source: string;
let bom: Bom;

beforeEach(async () => {
  place = temporaryDirectory();
  source = temporaryDirectory({ 'a.txt': 'a', 'sub/b.txt': 'b' });
  await writeFile(join(place, 'k.pub'), keys.publicKey.pem);
  ({ bom } = await generate({ sources: [source], timestamp: '2026-01-01T00:00:00Z' }));
});

/** Signs the BOM with the digests that it states, unless others are given, and verifies the source against it. */
async function verified(
  subject?: readonly Subject[],
  predicateType = cyclonedxPredicateType,
): Promise<Verified> {
  const stated = subject ?? [{ name: 'it', digest: { sha256: artifact().hashes?.[0]?.content ?? '' } }];
  const statement = { _type: statementType, subject: stated, predicateType, predicate: bom } as const;
  const path = join(place, 'bom.json');
  await writeFile(path, JSON.stringify(bom));
  await writeFile(`${path}.sigstore.json`, await signed(keys, statement));
  return verify({ bom: path, keys: [join(place, 'k.pub')], at: [source] });
}

function artifact(): Component {
  const component = bom.metadata?.component;
  if (!component) throw new Error('no subject');
  return component;
}

function files(): Component[] {
  return (artifact().components ?? []).filter(({ type }) => type === 'file');
}

function file(): Component {
  const [first] = files();
  if (!first) throw new Error('no file');
  return first;
}

function property(component: Component, name: string): Property {
  const found = component.properties?.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function digestOf(component: Component): { content: string } {
  const hash = component.hashes?.[0];
  if (!hash) throw new Error('no hash');
  return hash;
}

/** Gives the artifact the digest of the files that the BOM lists now. */
function restate(): void {
  const [stated] = artifactsOf(bom);
  digestOf(artifact()).content = artifactDigest(makeManifest(stated?.files ?? []));
}

async function failing(subject?: readonly Subject[]): Promise<string> {
  const { verdict } = await verified(subject);
  expect(verdict.outcome).toBe('fail');
  return verdict.checks.find(({ outcome }) => outcome === 'fail')?.id ?? '';
}

it('verifies as it is', async () => {
  expect((await verified()).verdict.outcome).toBe('pass');
});

describe('a signed BOM cannot state files that nothing covers', () => {
  it('with a digest of other files', async () => {
    digestOf(file()).content = 'ab'.repeat(32);
    expect(await failing()).toBe('manifest');
  });

  it('with a file beside the artifact', async () => {
    bom.components = [...(bom.components ?? []), { ...structuredClone(file()), 'bom-ref': 'beside' }];
    expect(await failing()).toBe('manifest');
  });

  it('with a file that calls itself something else', async () => {
    artifact().components?.push({ ...structuredClone(file()), type: 'data', 'bom-ref': 'again' });
    expect(await failing()).toBe('manifest');
  });

  it('with an artifact in the artifact, which takes its files away', async () => {
    artifact().components = [
      {
        type: 'machine-learning-model',
        name: 'inner',
        hashes: [{ alg: 'SHA-256', content: 'cd'.repeat(32) }],
        properties: [{ name: 'mlbom:hash:scope', value: 'manifest' }],
        components: artifact().components ?? [],
      },
    ];
    expect(await failing()).toBe('manifest');
  });

  it('with an artifact that has no files', async () => {
    artifact().components = [];
    restate();
    expect(await failing()).toBe('manifest');
  });

  it('without an artifact', async () => {
    property(artifact(), 'mlbom:hash:scope').value = 'file';
    expect(await failing([{ name: 'it', digest: { sha256: 'ab'.repeat(32) } }])).toBe('manifest');
  });

  it('with an artifact that is no subject of the statement', async () => {
    expect(await failing([{ name: 'it', digest: { sha256: 'ab'.repeat(32) } }])).toBe('manifest');
  });

  it('with fewer files than the place holds', async () => {
    artifact().components = artifact().components?.filter((one) => one !== file()) ?? [];
    restate();
    expect(await failing()).toBe('bytes');
  });
});

describe('a signed BOM cannot be read in two ways', () => {
  it.each(['mlbom:file:path', 'mlbom:file:size', 'mlbom:file:chunk-root', 'mlbom:file:link'])(
    'with %s twice',
    async (name) => {
      file().properties = [...(file().properties ?? []), { name, value: '0' }, { name, value: '0' }];
      expect(await failing()).toBe('manifest');
    },
  );

  it('with the scope of a hash twice', async () => {
    artifact().properties?.push({ name: 'mlbom:hash:scope', value: 'file' });
    expect(await failing()).toBe('manifest');
  });

  it('with two SHA-256 of a file', async () => {
    file().hashes?.push({ alg: 'SHA-256', content: 'ab'.repeat(32) });
    expect(await failing()).toBe('manifest');
  });

  it('with one path for two files', async () => {
    artifact().components?.push({ ...structuredClone(file()), 'bom-ref': 'again' });
    expect(await failing()).toBe('manifest');
  });
});

describe('a signed BOM cannot lead out of the place, or out of the numbers', () => {
  it.each(['../a.txt', '/etc/passwd', './a.txt', 'a//b', 'sub/../a.txt', '', 'a\0b'])(
    'with the path %j',
    async (path) => {
      property(file(), 'mlbom:file:path').value = path;
      expect(await failing()).toBe('manifest');
    },
  );

  it.each(['-1', '1e3', '1.5', '99999999999999999999', '9007199254740993', 'NaN', ' 1', ''])(
    'with the size %j',
    async (size) => {
      property(file(), 'mlbom:file:size').value = size;
      expect(await failing()).toBe('manifest');
    },
  );

  it.each(['0', '1', '3'])('with chunks of %s bytes', async (size) => {
    property(file(), 'mlbom:file:chunk-size').value = size;
    restate();
    expect(await failing()).toBe('manifest');
  });
});

it('does not take a statement of another kind about the same artifact for a signature of the BOM', async () => {
  const { verdict } = await verified(undefined, 'https://example.org/approval/v1');
  expect(verdict.outcome).toBe('fail');
  expect(verdict.checks.find(({ outcome }) => outcome === 'fail')?.id).toBe('statement');
});
