import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isInstalledPackage, collectInstalled } from './installed.ts';
import { collectLock } from './lock.ts';
import { nameOf } from '../../core/path.ts';

const locks = new Set(['package-lock.json', 'npm-shrinkwrap.json']);

/** Packages of npm: those that are installed below a `node_modules`, and those that a lockfile names. */
export const npm: FileCollector = {
  id: 'npm',
  version: 1,
  wants({ path }, head) {
    if (!path.endsWith('.json') || head.length === 0) return false;
    return path.endsWith('/package.json') ? isInstalledPackage(path) : locks.has(nameOf(path));
  },
  async collect(entry): Promise<Collected> {
    if (locks.has(nameOf(entry.path))) return collectLock(entry);
    return isInstalledPackage(entry.path) ? collectInstalled(entry) : nothing;
  },
};
