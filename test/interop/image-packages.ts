import type { Bom, Component } from '../../src/core/bom.ts';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import { runs } from './image-fixture.ts';

/** `deb bash 5.2.15-2+b2`: what a component's purl names, in words that every peer can be brought to. */
export function packageOf({ purl = '' }: Pick<Component, 'purl'>): string | undefined {
  const [, type, name = '', version = '', qualifiers] =
    /^pkg:(deb|pypi)\/(?:[^@]*\/)?([^/@]+)@([^?]+)(?:\?(.*))?$/.exec(purl) ?? [];
  if (type === undefined) return undefined;
  // Trivy puts the epoch of a Debian version into a qualifier.
  const epoch = new URLSearchParams(qualifiers).get('epoch');
  const whole = decodeURIComponent(version);
  return `${type} ${decodeURIComponent(name)} ${epoch === null ? whole : `${epoch}:${whole}`}`;
}

/** The packages of one type that a BOM says are installed, sorted. */
export function packagesOf(bom: Bom, type: 'deb' | 'pypi'): string[] {
  return [...componentsOf(bom)]
    .filter(({ component }) => (propertyOf(component, 'mlbom:package:basis') ?? 'installed') === 'installed')
    .flatMap(({ component }) => packageOf(component) ?? [])
    .filter((each) => each.startsWith(`${type} `))
    .sort();
}

/** What dpkg-query says is installed in a root file system, sorted. */
export async function installedPackages(root: string): Promise<string[]> {
  const printed = await runs(
    'dpkg-query',
    `--admindir=${root}/var/lib/dpkg`,
    '-W',
    '-f',
    '${db:Status-Status} ${Package} ${Version}\n',
  );
  return printed
    .split('\n')
    .filter((line) => line.startsWith('installed '))
    .map((line) => line.replace('installed', 'deb'))
    .sort();
}

/** What the pip of a root file system lists, sorted. */
export async function pipPackages(root: string): Promise<string[]> {
  const args = [
    root,
    '/usr/bin/env',
    '-i',
    'PATH=/usr/bin:/bin',
    'PYTHONDONTWRITEBYTECODE=1',
    'python3',
    '-m',
    'pip',
  ];
  const printed = await runs('chroot', ...args, '--disable-pip-version-check', 'list', '--format', 'json');
  const listed = JSON.parse(printed) as { readonly name: string; readonly version: string }[];
  return listed
    .map(({ name, version }) => `pypi ${name.toLowerCase().replace(/[-_.]+/g, '-')} ${version}`)
    .sort();
}
