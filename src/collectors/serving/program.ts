import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { packagePurl } from '../../core/package-purl.ts';
import { nameOf } from '../../core/path.ts';
import { shortened } from '../../core/shortened.ts';
import { readGoBuildInfo, type GoBuildInfo } from '../../formats/elf/go-build-info.ts';
import { readElf } from '../../formats/elf/read-elf.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { servingFact } from './component.ts';

/** Programs by their file name: the product, and whether it is made of a Go module. */
const programs: Readonly<Record<string, { readonly product: string; readonly goModule?: string }>> = {
  'llama-cli': { product: 'llama.cpp' },
  'llama-server': { product: 'llama.cpp' },
  ollama: { product: 'ollama', goModule: 'github.com/ollama/ollama' },
  'text-generation-launcher': { product: 'text-generation-inference' },
  'text-generation-router': { product: 'text-generation-inference' },
  'text-embeddings-router': { product: 'text-embeddings-inference' },
  tritonserver: { product: 'tritonserver' },
  'whisper-server': { product: 'whisper.cpp' },
};

export function isProgram(path: string): boolean {
  return Object.hasOwn(programs, nameOf(path));
}

/** A server's program. Only a Go program says which version it is without being run. */
export async function collectProgram(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const program = isProgram(path) ? programs[nameOf(path)] : undefined;
  if (!program) return nothing;
  // Triton's program is a part of the directory that says its version.
  const place = path.replace(/(^|\/)tritonserver\/bin\/tritonserver$/, '$1tritonserver');
  const elf = await readElf(entry);
  const go = await readGoBuildInfo(entry, elf);
  const own = program.goModule !== undefined && go?.module === program.goModule ? go : undefined;
  const version = own && versionOf(own, program.goModule ?? '');
  const observed = attributesFrom(path, 'serving', 'observed');
  observed.add('name', program.product, 'file name');
  observed.add('version', version, 'Go build information');
  const purl =
    own === undefined
      ? packagePurl('generic', { name: program.product, version })
      : goPurl(own.module ?? '', version === undefined ? undefined : `v${version}`);
  // Without a version it is made of the name, and gives way to what a file beside it says.
  const derived = attributesFrom(path, 'serving', 'derived');
  (version === undefined ? derived : observed).add('purl', purl);
  observed.add('mlbom:package:basis', 'installed');
  observed.add('mlbom:package:location', path);
  const file = attributesFrom(path, 'serving', 'observed');
  file.add('mlbom:file:format', 'elf');
  for (const [key, value] of [
    ['machine', elf.machine],
    ['build-id', elf.buildId],
    ['go', go?.go],
    ['vcs.revision', go?.settings.get('vcs.revision')],
  ]) {
    if (value) file.add('mlbom:file:header', `${key}=${shortened(value, limits.provenanceText)}`);
  }
  return {
    ...nothing,
    facts: [servingFact(entry, place, place, [...observed.list, ...derived.list]), fileFact(path, [file])],
  };
}

/** Release builds are given their version by the linker; others have that of the module, where it has one. */
function versionOf({ settings, version = '' }: GoBuildInfo, module: string): string | undefined {
  const flags = settings.get('-ldflags') ?? '';
  const at = flags.indexOf(`${module}/version.Version=`);
  const linked = at < 0 ? '' : flags.slice(at + `${module}/version.Version=`.length);
  const number = /^v?(\d+\.\d+\.\d+[\w.+-]{0,64})/;
  return (number.exec(linked.slice(0, 128)) ?? number.exec(version))?.[1];
}

/** `pkg:golang/github.com/ollama/ollama@v0.5.7` */
function goPurl(module: string, version: string | undefined): string | undefined {
  const slash = module.lastIndexOf('/');
  return packagePurl('golang', {
    namespace: module.slice(0, Math.max(0, slash)),
    name: module.slice(slash + 1),
    version,
  });
}
