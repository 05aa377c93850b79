import { packagePurl } from '../../core/package-purl.ts';

/** What tells one installed package from another. */
export interface RpmPackage {
  readonly name: string;
  /** Version and release, `5.2.26-3.fc40`, as purl-spec wants them. */
  readonly version: string;
  readonly epoch?: number;
  readonly arch?: string;
  /** `fedora`: purl-spec wants one. */
  readonly vendor?: string;
}

/** Vendors as rpm packages name them, by the names that their distributions have for themselves (`ID` of os-release). */
const vendors: readonly (readonly [RegExp, string])[] = [
  [/^fedora/i, 'fedora'],
  [/^red hat/i, 'redhat'],
  [/^centos/i, 'centos'],
  [/^rocky/i, 'rocky'],
  [/^almalinux/i, 'almalinux'],
  [/^amazon/i, 'amzn'],
  [/^oracle/i, 'oracle'],
  [/^opensuse/i, 'opensuse'],
  [/^suse/i, 'suse'],
  [/^vmware/i, 'photon'],
  [/^mageia/i, 'mageia'],
];

/**
 * The distribution of a package. Microsoft names itself as the vendor of two; the release, `1.cm2` or `1.azl3`,
 * tells which.
 */
export function vendorOf(vendor: string | undefined, version: string): string | undefined {
  if (/\.cm\d/.test(version)) return 'mariner';
  if (/\.azl\d/.test(version)) return 'azurelinux';
  return vendors.find(([pattern]) => pattern.test(vendor ?? ''))?.[1];
}

/** The vendor that most packages of a database have: what a third party packed for it counts as the distribution's. */
export function mostCommonVendor(packages: readonly RpmPackage[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { vendor } of packages)
    if (vendor !== undefined) counts.set(vendor, (counts.get(vendor) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/** `pkg:rpm/fedora/bash@5.2.26-3.fc40?arch=x86_64` */
export function rpmPurl(
  { name, version, epoch, arch, vendor }: RpmPackage,
  common: string | undefined,
  withVersion = true,
): string | undefined {
  return packagePurl('rpm', {
    namespace: vendor ?? common,
    name,
    ...(withVersion ? { version } : {}),
    qualifiers: { arch, ...(withVersion && epoch !== undefined ? { epoch: String(epoch) } : {}) },
  });
}

export function isRpmName(name: string | undefined): name is string {
  return name !== undefined && /^[\w.+-]{1,255}$/.test(name);
}
