import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { shortened } from '../../core/shortened.ts';
import { probeSection } from '../../formats/elf/probe-section.ts';
import { readElf, type Elf } from '../../formats/elf/read-elf.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { productFact } from './component.ts';
import type { LibraryName } from './products.ts';
import { driverTravels } from './rules.ts';

/** One shared library: what it is, and what it needs. */
export async function collectLibrary(entry: Entry, library: LibraryName): Promise<Collected> {
  const { path } = entry;
  const elf = await readElf(entry);
  const facts: Fact[] = [elfFact(path, elf)];
  const { product, stem } = library;
  // A stub has the names of the driver's functions and nothing else; it is there to link against.
  const isStub = /(?:^|\/)stubs\//.test(path);
  if (!isStub) {
    const observed = attributesFrom(path, 'native-libraries', 'observed');
    facts.push(productFact(path, product, await versionOf(entry, elf, library), observed));
  }
  // NVIDIA's own package of newer libraries for older drivers is made to travel.
  const isCompat = /(?:^|\/)cuda[\w.-]*\/compat\//.test(path);
  const message = `lib${stem} belongs to the driver of the machine that it runs on`;
  const place = { symbol: nameOf(path) };
  return {
    facts,
    problems: [],
    findings: product.isDriver && !isStub && !isCompat ? [finding(driverTravels, path, message, place)] : [],
  };
}

/** The most precise of what the constants, the symbols, the file's name and its SONAME say. */
async function versionOf(
  entry: Entry,
  elf: Elf,
  { product, version }: LibraryName,
): Promise<string | undefined> {
  const probed = product.probe && (await probeSection(entry, elf, product.probe));
  if (probed !== undefined) return probed;
  const bySymbols = elf.versions.flatMap((name) => /^VERS_(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? [])[0];
  const bySoname = /\.so\.(\d+(?:\.\d+){0,4})$/.exec(elf.soname ?? '')?.[1];
  const all = [bySymbols, version, bySoname].filter((each) => each !== undefined);
  return all.toSorted((a, b) => b.split('.').length - a.split('.').length)[0];
}

function elfFact(path: string, elf: Elf): Fact {
  const attributes = attributesFrom(path, 'native-libraries', 'observed');
  attributes.add('mlbom:file:format', 'elf');
  const needed = elf.needed.length === 0 ? undefined : elf.needed.join(',');
  for (const [key, value] of [
    ['machine', elf.machine],
    ['build-id', elf.buildId],
    ['soname', elf.soname],
    ['needed', needed],
  ]) {
    if (value !== undefined && value !== '')
      attributes.add('mlbom:file:header', `${key}=${shortened(value, limits.provenanceText)}`);
  }
  return fileFact(path, [attributes]);
}
