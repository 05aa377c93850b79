import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { contradiction } from '../../core/problem.ts';
import { parseDeb822, type Stanza } from '../../formats/deb822.ts';
import { readAll } from '../../formats/read-all.ts';
import { digestsOf } from './digests.ts';
import { isNamed, isPresent, packageFact, providersOf, vendorOf } from './packages.ts';
import { dpkgPlace, type DpkgPlace } from './place.ts';

/** Debian packages that are installed: dpkg's `status`, `status.d` of images without dpkg, and lists of MD5 digests. */
export const dpkg: FileCollector = {
  id: 'dpkg',
  version: 1,
  wants: ({ path }, head) => head.length > 0 && dpkgPlace(path) !== undefined,
  async collect(entry): Promise<Collected> {
    const place = dpkgPlace(entry.path);
    if (place === undefined) return nothing;
    // Names of maintainers are older than UTF-8.
    const text = new TextDecoder().decode(await readAll(entry, limits.packageDatabaseBytes, entry.path));
    if (place.kind === 'digests') return { ...nothing, ...digestsOf(text, place, entry.path) };
    return packagesOf(text, place, entry);
  },
};

function packagesOf(text: string, place: DpkgPlace, { path }: Entry): Collected {
  const there: Stanza[] = [];
  for (const stanza of parseDeb822(text, path)) {
    if (!isPresent(stanza)) continue;
    if (there.length >= limits.packagesPerFile)
      throw new MlbomError('E_LIMIT', `${path}: more than ${limits.packagesPerFile} packages`, {
        subject: path,
        rule: 'packages',
      });
    there.push(stanza);
  }
  const named = there.filter(isNamed);
  const vendor = vendorOf(named);
  const providers = place.kind === 'status' ? providersOf(named) : undefined;
  const unnamed = there.length - named.length;
  return {
    ...nothing,
    facts: named.map((stanza) => packageFact(stanza, place, path, vendor, providers)),
    problems:
      unnamed === 0
        ? []
        : [contradiction('dpkg-stanza', path, `${unnamed} installed packages without a name or a version`)],
  };
}
