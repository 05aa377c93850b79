import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { nameOf } from '../../core/path.ts';
import { isElf } from '../../formats/elf/read-elf.ts';
import { collectLibrary } from './library.ts';
import { libraryName } from './products.ts';
import { driverTravels } from './rules.ts';
import { toolkitReader } from './toolkit.ts';

/** Libraries that computing on accelerators needs, by their bytes, and the files in which their toolkits name versions. */
export const nativeLibraries: FileCollector = {
  id: 'native-libraries',
  version: 2,
  rules: [driverTravels],
  wants(entry, head) {
    if (head.length === 0) return false;
    if (!isElf(head)) return toolkitReader(entry.path) !== undefined;
    // A link to a file beside it is another name of that file, which has an entry of its own.
    return (
      !(entry.link !== undefined && !entry.link.includes('/')) &&
      libraryName(nameOf(entry.path)) !== undefined
    );
  },
  async collect(entry): Promise<Collected> {
    const library = libraryName(nameOf(entry.path));
    if (library) return collectLibrary(entry, library);
    return toolkitReader(entry.path)?.(entry) ?? nothing;
  },
};
