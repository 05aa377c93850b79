import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Fact } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { contradiction } from '../../core/problem.ts';
import { linesOf } from '../../formats/lines.ts';
import { readAll } from '../../formats/read-all.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom } from '../attributes.ts';
import { isRpmName, mostCommonVendor, rpmPurl, vendorOf, type RpmPackage } from './package.ts';

/**
 * The list of packages that images of Mariner and Azure Linux without rpm carry: on each line, with tabs between them,
 * name, version and release, times of installation and build, vendor, epoch, size, architecture, epoch, source package.
 */
export async function collectManifest(entry: Entry, root: string): Promise<Collected> {
  const { path } = entry;
  const text = new TextDecoder().decode(await readAll(entry, limits.packageDatabaseBytes, path));
  const packages: (RpmPackage & { source: string })[] = [];
  let others = 0;
  for (const line of linesOf(text)) {
    const [name, version, , , vendorName, epoch = '', , arch, , source = ''] = line.split('\t', 16);
    if (!isRpmName(name) || !version || version.length > limits.versionText || arch === undefined) {
      if (line.trim() !== '') others++;
      continue;
    }
    if (packages.length >= limits.packagesPerFile)
      throw new MlbomError('E_LIMIT', `${path}: too many packages`, { subject: path, rule: 'packages' });
    const vendor = vendorOf(vendorName, version);
    packages.push({
      name,
      version,
      source,
      ...(/^\d{1,9}$/.test(epoch) ? { epoch: Number(epoch) } : {}),
      ...(arch === '' || arch === '(none)' ? {} : { arch }),
      ...(vendor === undefined ? {} : { vendor }),
    });
  }
  const common = mostCommonVendor(packages);
  const facts = packages.map((each): Fact => {
    const declared = attributesFrom(path, 'rpm');
    declared.add('name', each.name);
    declared.add('version', each.version);
    declared.add('purl', rpmPurl(each, common));
    declared.add('mlbom:package:basis', 'installed');
    declared.add('mlbom:package:location', path);
    if (each.source.endsWith('.src.rpm') && each.source.length < limits.provenanceText)
      declared.add('mlbom:package:header', `source=${each.source}`);
    const ai = aiAttributes(path, 'rpm', 'rpm', each.name);
    const key = `rpm:${root}:${each.name}-${each.version}.${each.arch ?? ''}`;
    return {
      about: { kind: 'component', key, path },
      type: ai.type,
      attributes: [...declared.list, ...ai.attributes],
      relations: [],
    };
  });
  const reason = `${others} of its lines name no package`;
  return { ...nothing, facts, problems: others === 0 ? [] : [contradiction('rpm-manifest', path, reason)] };
}
