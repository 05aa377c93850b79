import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Component } from '../../src/core/bom.ts';
import { componentsOf } from '../../src/core/components-of.ts';
import { pypiPurl } from '../../src/core/package-purl.ts';
import { generate, type Generated } from '../../src/operations/generate.ts';
import { readWheelRecord } from '../../src/formats/wheel-record.ts';
import { propertyOf, sourceOf, timestamp } from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Distribution {
  /** Name of its `.dist-info`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly files: readonly (readonly [
    path: string,
    hash: readonly [string, string] | null,
    size: number | null,
  ])[];
}

interface CycloneDx {
  readonly components: readonly { name: string; version: string; purl: string }[];
}

describeWith('cyclonedx-py', python('cyclonedx_py'), (peer) => {
  const directory = temporaryDirectory();
  let prefix: string;
  let site: string;
  let made: Generated;
  beforeAll(async () => {
    const printed = await peer.run(pythonScript('print_environment'));
    ({ prefix, site } = JSON.parse(printed) as { prefix: string; site: string });
    made = await generate({ sources: [prefix], timestamp });
  }, 300_000);

  test('reports the packages of the environment that are there, with the same versions and purls', async () => {
    const file = join(directory, 'theirs.json');
    const format = ['--output-format', 'JSON', '--output-file', file, '--no-validate'];
    await peer.run('-m', 'cyclonedx_py', 'environment', ...format, join(prefix, 'bin/python'));
    const { components } = JSON.parse(readFileSync(file, 'utf8')) as CycloneDx;
    const theirs = components.map(({ name, version }) => ({ name, version, purl: pypiPurl(name, version) }));
    // packageurl-python keeps the dots of a name (0.17.6), which purl-spec has as a "-"; it is the same otherwise.
    expect(components.map(({ purl }) => purl)).toEqual(
      theirs.map(({ name, version, purl }) =>
        name.includes('.') ? `pkg:pypi/${name.toLowerCase()}@${version}` : purl,
      ),
    );
    expect(theirs.length).toBeGreaterThan(10);
    // What we have besides are copies that packages carry inside them, which no interpreter sees as installed.
    const ours = packagesOf(made)
      .filter((each) => dirname(propertyOf(each, 'mlbom:package:location') ?? '') === relative(prefix, site))
      .map(({ name, version, purl }) => ({ name, version, purl }));
    expect(ours.sort(byPurl)).toEqual(theirs.sort(byPurl));
  });

  test('is beside importlib.metadata in what RECORD says', async () => {
    const distributions = await readWith<Distribution[]>(peer, 'read_distributions', site);
    for (const { path, files } of distributions) {
      const record = await readWheelRecord(sourceOf(join(site, path, 'RECORD')), path);
      expect(
        record.map((entry) => [entry.path, entry.digest?.hex ?? null, entry.size ?? null]),
        path,
      ).toEqual(files.map(([file, hash, size]) => [file, hash && hexOf(hash[1]), size]));
    }
  });

  test('finds every file of the environment as it was installed, and one that was changed', async () => {
    const findings = ({ inventory }: Generated) =>
      inventory.findings.filter(({ rule }) => rule === 'MLB-PKG-001').map(({ path }) => path);
    expect(findings(made)).toEqual([]);
    const copied = join(directory, 'copy/lib/python3/site-packages');
    for (const part of ['packaging', distInfo(made, 'packaging')])
      cpSync(join(site, part), join(copied, part), { recursive: true });
    appendFileSync(join(copied, 'packaging/version.py'), '# changed\n');
    const changed = await generate({ sources: [join(directory, 'copy')], timestamp });
    expect(findings(changed)).toEqual(['lib/python3/site-packages/packaging/version.py']);
  });
});

function packagesOf({ bom }: Generated): Component[] {
  return [...componentsOf(bom)]
    .map(({ component }) => component)
    .filter(({ purl }) => purl?.startsWith('pkg:pypi/'));
}

function byPurl(
  a: { readonly purl?: string | undefined },
  b: { readonly purl?: string | undefined },
): number {
  return (a.purl ?? '') < (b.purl ?? '') ? -1 : 1;
}

function distInfo(made: Generated, name: string): string {
  const found = packagesOf(made).find((each) => each.name === name);
  return found === undefined
    ? name
    : (propertyOf(found, 'mlbom:package:location') ?? '').replace(/^.*\//, '');
}

function hexOf(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('hex');
}
