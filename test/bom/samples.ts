import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/samples/cyclonedx/', import.meta.url));

/** True where the specification's own documents lie beside the repository. */
export const samplesExist = existsSync(folder);
if (!samplesExist) console.warn("skipped: the specification's own documents are not beside the repository");

/** The specification's own documents of a version, whose names begin with `valid-` or `invalid-`. */
export function samples(version: string): { name: string; text: string }[] {
  if (!samplesExist) return [];
  const names = readdirSync(`${folder}${version}`).sort();
  return names.map((name) => ({ name, text: readFileSync(`${folder}${version}/${name}`, 'utf8') }));
}
